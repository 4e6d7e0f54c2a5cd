import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Problem } from '../base/problem.js';
import { hostPort, socketProblem } from './sockets.js';

/** A request that was read whole. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; of a header that came twice the values are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:9464`. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const mostConnections = 256;
const headersWithinMs = 5_000;
const requestWithinMs = 15_000;

/** The body, or undefined when it is longer than it may be. */
const bodyOf = async (request: IncomingMessage, mostBytes: number): Promise<Uint8Array | undefined> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > mostBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

/**
 * Answers requests on `host:port` (0: the system chooses). Whatever comes is bounded in size and time; what `handle` throws
 * is a reply of 500 without its words. Problems: those of a socket, such as `port-taken`.
 */
export const openHttp = async (setup: {
  readonly host: string;
  readonly port: number;
  readonly mostBodyBytes?: number;
  handle(request: HttpRequest): HttpReply | Promise<HttpReply>;
}): Promise<HttpServer | { readonly problem: Problem }> => {
  const { host, port, mostBodyBytes = 1 << 20 } = setup;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = ({ status, headers = {}, body = '' }: HttpReply): void => {
      response.writeHead(status, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        ...headers,
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const url = tryUrl(request.url ?? '/');
    if (!url) return send({ status: 400, body: 'bad request\n' });
    const body = await bodyOf(request, mostBodyBytes);
    if (!body) {
      send({ status: 413, headers: { connection: 'close' }, body: `at most ${mostBodyBytes} bytes are taken\n` });
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value = '']) => [name, String(value)]),
    );
    const { pathname: path, searchParams: query } = url;
    send(await setup.handle({ method: request.method ?? 'GET', path, query, headers, body }));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) return response.destroy();
      response.writeHead(500).end();
    });
  });
  server.maxConnections = mostConnections;
  server.headersTimeout = headersWithinMs;
  server.requestTimeout = requestWithinMs;
  server.keepAliveTimeout = headersWithinMs;
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
  if (error) return { problem: await socketProblem(error, { protocol: 'tcp', host, port }) };
  server.on('error', () => undefined);
  const actual = (server.address() as AddressInfo).port;
  let closing: Promise<void> | undefined;
  return {
    address: `http://${hostPort(host, actual)}`,
    port: actual,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
};

const tryUrl = (text: string): URL | null => {
  try {
    return new URL(text, 'http://x');
  } catch {
    return null;
  }
};
