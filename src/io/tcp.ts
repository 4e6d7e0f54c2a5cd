import { connect, createServer, type Socket } from 'node:net';
import { problem, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { Link, LinkEars } from './link.js';
import { addressOf, hostPort, socketProblem } from './sockets.js';

/** Nobody waits longer for a host that does not answer. */
const connectMs = 5_000;
/** More than this unread by the other end: it no longer reads, and what comes on top is dropped. */
const mostUnread = 1 << 20;

/** What lies between a socket and a link: nothing for plain TCP, a protocol for others. */
export interface SocketFace {
  /** Bytes from the socket; gives the data in them. */
  take(bytes: Uint8Array): Uint8Array;
  /** Data as it is written to the socket. */
  wrap(bytes: Uint8Array): Uint8Array;
}
const plain: SocketFace = { take: (bytes) => bytes, wrap: (bytes) => bytes };

export const writeTo = (socket: Socket, bytes: Uint8Array): void => {
  if (!socket.destroyed && socket.writableLength < mostUnread) socket.write(bytes);
};

export const gone = (address: string, why: string): Problem => problem('link-lost', { address, why });

/** Resolves when what was written has left, or after the time. */
export const drainedOf = (socket: Socket | undefined, withinMs: number): Promise<void> =>
  new Promise((resolve) => {
    if (!socket || socket.destroyed || socket.writableLength === 0) return resolve();
    const timer = setTimeout(done, withinMs);
    function done(): void {
      clearTimeout(timer);
      resolve();
    }
    socket.once('drain', done);
    socket.once('close', done);
    // `drain` only comes after a write was refused: an empty one more tells when the rest is out.
    socket.write(new Uint8Array(0), done);
  });

export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.once('close', () => resolve());
    socket.destroy();
  });

/** Connects, or says why not. */
export const openSocket = async (host: string, port: number): Promise<Result<Socket>> => {
  const found = await addressOf(host);
  if (!found.ok) return found;
  return new Promise((resolve) => {
    const socket = connect({ host: found.value.address, port, noDelay: true, keepAlive: true });
    const fail = (error: unknown): void => {
      socket.destroy();
      void socketProblem(error, { protocol: 'tcp', host, port }).then((what) => resolve(failed(what)));
    };
    const timer = setTimeout(() => fail({ code: 'ETIMEDOUT' }), connectMs);
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      // What goes wrong later ends in `close`.
      socket.on('error', () => undefined);
      resolve(ok(socket));
    });
    socket.once('close', () => clearTimeout(timer));
  });
};

/** A serial line over a plain TCP connection: `tcp://host:port`. */
export const openTcp = async (
  { host, port }: { readonly host: string; readonly port: number },
  ears: LinkEars,
  baud = 115_200,
): Promise<Result<Link>> => {
  const opened = await openSocket(host, port);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const address = `tcp://${hostPort(host, port)}`;
  socket.pause();
  let why = 'the other end closed the connection';
  socket.on('error', (error: NodeJS.ErrnoException) => (why = error.code ?? error.message));
  return ok({
    address,
    can: { line: false, signals: false },
    start() {
      ears.opened({ baud });
      socket.on('data', (bytes: Buffer) => ears.bytes(bytes));
      socket.on('close', () => ears.lost(gone(address, why)));
      if (socket.destroyed) return ears.lost(gone(address, why));
      socket.resume();
    },
    write: (bytes) => writeTo(socket, bytes),
    setLine: () => undefined,
    setSignals: () => undefined,
    drained: (withinMs) => drainedOf(socket, withinMs),
    close: () => closed(socket),
  });
};

/** A far end on a TCP port: one client at a time, the next one when it has gone. */
export const offerTcp = async (
  { host, port }: { readonly host: string; readonly port: number },
  ears: LinkEars,
  how: { readonly scheme?: string; face?(socket: Socket): SocketFace } = {},
): Promise<Result<Link>> => {
  const server = createServer({ noDelay: true });
  const refused = await new Promise<unknown>((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port }, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
  if (refused !== undefined) return failed(await socketProblem(refused, { protocol: 'tcp', host, port }));
  const at = server.address() as { readonly address: string; readonly port: number };
  const address = `${how.scheme ?? 'tcp'}://${hostPort(at.address, at.port)}`;
  let client: Socket | undefined;
  let face = plain;
  let started = false;
  server.on('error', () => undefined);
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    // Two hosts on one line would read half of each other's answers.
    if (client || !started) return void socket.destroy();
    client = socket;
    face = how.face?.(socket) ?? plain;
    ears.opened({ baud: 115_200 });
    socket.on('data', (bytes: Buffer) => {
      const data = face.take(bytes);
      if (data.length > 0) ears.bytes(data);
    });
    socket.on('close', () => {
      client = undefined;
      ears.lost(gone(address, 'the client has gone'));
    });
  });
  return ok({
    address,
    can: { line: how.face !== undefined, signals: how.face !== undefined },
    offers: true,
    start: () => void (started = true),
    write(bytes) {
      if (client) writeTo(client, face.wrap(bytes));
    },
    setLine: () => undefined,
    setSignals: () => undefined,
    drained: (withinMs) => drainedOf(client, withinMs),
    async close() {
      if (client) await closed(client);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
};
