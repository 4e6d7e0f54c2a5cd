// The one door to aedes: a real MQTT broker in this process, for demonstrations and tests.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { Problem } from '../base/problem.js';
import { hostPort, socketProblem } from './sockets.js';

export interface EmbeddedBroker {
  /** Such as `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  readonly port: number;
  /** The port that was asked for is taken, and this is another one. */
  readonly tookOther: boolean;
  close(): Promise<void>;
}

const listen = (server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });

/**
 * A broker on `host:port` (default 127.0.0.1:1883: this machine alone, for it asks nobody for a password); with
 * `fallback`, on a free port when that one is taken. Problems: those of a socket, such as `port-taken` with its holder.
 */
export const openBroker = async (options: {
  readonly host?: string;
  readonly port?: number;
  readonly fallback: boolean;
}): Promise<EmbeddedBroker | { readonly problem: Problem }> => {
  const { host = '127.0.0.1', port = 1883, fallback } = options;
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const closeBroker = (): Promise<void> => new Promise((done) => broker.close(() => done()));

  let error = await listen(server, host, port);
  const tookOther = error?.code === 'EADDRINUSE' && fallback;
  if (tookOther) error = await listen(server, host, 0);
  if (error) {
    await closeBroker();
    return { problem: await socketProblem(error, { protocol: 'tcp', host, port }) };
  }
  // A connection that cannot be accepted (too many open files) is its client's trouble, not the end of the process.
  server.on('error', () => undefined);
  const { port: actual } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const ended = new Promise<void>((done) => server.close(() => done()));
    await closeBroker();
    // Aedes knows only those who have introduced themselves.
    for (const socket of sockets) socket.destroy();
    await ended;
  };
  return {
    url: `mqtt://${hostPort(host, actual)}`,
    port: actual,
    tookOther,
    close() {
      closing ??= close();
      return closing;
    },
  };
};
