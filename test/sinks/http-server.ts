import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach } from 'vitest';

/** What a server does with a post: it may keep what it got before it answers, or not, or never answer. */
export type Behaviour =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly keeps?: boolean }
  | {
      readonly does: 'cut' | 'cut-head' | 'cut-body' | 'hang' | 'flood' | 'gibberish' | 'late-body';
      readonly keeps: boolean;
    };

export interface Post {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An HTTP server that takes posts and behaves as `behave` says, by default well. */
export const httpServer = async (
  behave: (post: Post, nth: number) => Behaviour = () => ({ status: 204 }),
  tls?: TlsOptions,
) => {
  const posts: Post[] = [];
  const kept: Post[] = [];
  const sockets = new Set<Socket>();
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    void hear(request).then((body) => {
      const post = { url: request.url ?? '', headers: request.headers, body };
      posts.push(post);
      const how = behave(post, posts.length);
      if ('does' in how ? how.keeps : (how.keeps ?? (how.status >= 200 && how.status < 300))) kept.push(post);
      answer(how, response);
    });
  };
  const server = tls ? createTlsServer(tls, take) : createServer(take);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  closers.push(close);
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    kept,
    sockets,
    close,
  };
};

const hear = async (request: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    // The client has given up.
  }
  return Buffer.concat(pieces).toString();
};

const answer = (how: Behaviour, response: ServerResponse): void => {
  response.on('error', () => undefined);
  if ('status' in how)
    return void response.writeHead(how.status, how.headers).end(how.status === 204 ? undefined : 'a body');
  const socket = response.socket!;
  switch (how.does) {
    case 'cut':
      return void socket.destroy();
    case 'cut-head':
      return void socket.end('HTTP/1.1 20');
    case 'cut-body':
      return void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"so":');
    case 'gibberish':
      return void socket.end('+OK this is a mailbox\r\n');
    case 'late-body':
      return void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"so":');
    case 'hang':
      return;
    case 'flood': {
      // A gigabyte, as fast as it is taken.
      const piece = Buffer.alloc(1 << 20, 'x');
      let left = 1024;
      response.writeHead(200);
      const pour = (): void => {
        while (left-- > 0 && !response.destroyed) if (!response.write(piece)) return void response.once('drain', pour);
        response.end();
      };
      pour();
    }
  }
};
