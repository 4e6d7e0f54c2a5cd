import { connect, createServer, type Socket } from 'node:net';
import { problem, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { Link, LinkEars } from './link.js';
import { hearPaced } from './paced.js';
import { addressOf, hostPort, socketProblem } from './sockets.js';

/** Nobody waits longer for a host that does not answer. */
const connectMs = 5_000;
/** More than this unread by the other end: it no longer reads, and what comes on top is dropped. */
const mostUnread = 1 << 20;

/** What lies between a socket and a link: nothing for plain TCP, a protocol for others. */
export interface SocketFace {
  /** The client is heard from now on. */
  start(): void;
  /** Bytes from the socket; tells the ears what is in them. */
  take(bytes: Uint8Array): void;
  /** Data as it is written to the socket. */
  wrap(bytes: Uint8Array): Uint8Array;
}

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

/** Tells the owner once that the link is lost, and nothing more after it was closed. */
export const lossOf = (address: string, ears: LinkEars): { why: string; over: boolean; tell(): void } => {
  const loss = {
    why: 'the other end closed the connection',
    over: false,
    tell() {
      if (loss.over) return;
      loss.over = true;
      ears.lost(gone(address, loss.why));
    },
  };
  return loss;
};

/** A serial line over a plain TCP connection: `tcp://host:port`. Problems: `host-unknown`, `socket-failed`. */
export const openTcp = async (
  { host, port }: { readonly host: string; readonly port: number },
  ears: LinkEars,
  baud = 115_200,
): Promise<Result<Link>> => {
  const opened = await openSocket(host, port);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const address = `tcp://${hostPort(host, port)}`;
  const loss = lossOf(address, ears);
  socket.pause();
  socket.on('error', (error: NodeJS.ErrnoException) => (loss.why = error.code ?? error.message));
  return ok({
    address,
    can: { line: false, signals: false },
    start() {
      ears.opened({ baud });
      hearPaced(socket, (bytes) => {
        if (!loss.over) ears.bytes(bytes);
      });
      socket.on('close', loss.tell);
      if (socket.destroyed) loss.tell();
      else socket.resume();
    },
    write: (bytes) => writeTo(socket, bytes),
    setLine: () => undefined,
    setSignals: () => undefined,
    drained: (withinMs) => drainedOf(socket, withinMs),
    close() {
      loss.over = true;
      return closed(socket);
    },
  });
};

/** A client that comes back may knock before its old connection is known to be gone. */
const knockMs = 200;

/**
 * A far end on a TCP port: one client at a time, the next one when it has gone. Port 0 takes a free one, which the address
 * shows. Problems: `port-taken`, `port-forbidden`, `address-not-here`, `host-unknown`, `socket-failed`.
 */
export const offerTcp = async (
  { host, port }: { readonly host: string; readonly port: number },
  ears: LinkEars,
  how: { readonly scheme?: string; face?(socket: Socket): SocketFace } = {},
): Promise<Result<Link>> => {
  const server = createServer({ noDelay: true, keepAlive: true });
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
  const sockets = new Set<Socket>();
  let client: { readonly socket: Socket; readonly face: SocketFace } | undefined;
  let next: Socket | undefined;
  let started = false;
  let over = false;

  const take = (socket: Socket): void => {
    const face = how.face?.(socket) ?? { start: () => undefined, take: ears.bytes, wrap: (bytes) => bytes };
    client = { socket, face };
    ears.opened({ baud: 115_200 });
    face.start();
    hearPaced(socket, (bytes) => {
      if (!over) face.take(bytes);
    });
    socket.on('close', () => {
      client = undefined;
      if (over) return;
      ears.lost(gone(address, 'the client has gone'));
      if (next) take(next);
      next = undefined;
    });
  };
  server.on('error', () => undefined);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (over || !started || next) return void socket.destroy();
    if (!client) return take(socket);
    // Two hosts on one line would read half of each other's answers.
    next = socket;
    const timer = setTimeout(() => next === socket && socket.destroy(), knockMs).unref();
    socket.on('close', () => {
      clearTimeout(timer);
      if (next === socket) next = undefined;
    });
  });
  return ok({
    address,
    can: { line: how.face !== undefined, signals: how.face !== undefined },
    offers: true,
    start: () => void (started = true),
    write(bytes) {
      if (client) writeTo(client.socket, client.face.wrap(bytes));
    },
    setLine: () => undefined,
    setSignals: () => undefined,
    drained: (withinMs) => drainedOf(client?.socket, withinMs),
    async close() {
      over = true;
      const end = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...sockets].map(closed));
      await end;
    },
  });
};
