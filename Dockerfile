# docker build -t stellwerk . && docker run --read-only -v stellwerk:/var/lib/stellwerk -v $PWD/config:/etc/stellwerk:ro stellwerk
FROM node:20-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY vendor vendor
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20-slim
WORKDIR /opt/stellwerk
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/vendor vendor
COPY --from=build /build/dist dist
COPY --from=build /build/stellwerk.schema.json /build/LICENSE ./
RUN install -d -o node -g node -m 0700 /var/lib/stellwerk
USER node
VOLUME /var/lib/stellwerk
ENV NODE_ENV=production
# The control socket lies in the state folder: /etc/stellwerk/stellwerk.yaml has `state: /var/lib/stellwerk`.
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "dist/src/cli.js", "status", "-c", "/etc/stellwerk/stellwerk.yaml", "--json"]
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["gateway", "-c", "/etc/stellwerk/stellwerk.yaml", "--json"]
