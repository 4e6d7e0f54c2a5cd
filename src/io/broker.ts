// The one door to aedes: a real MQTT broker in this process, for demonstrations and tests.
import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import { problem, type Problem } from '../base/problem.js';

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
    const failed = (error: NodeJS.ErrnoException): void => resolve(error);
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(undefined);
    });
  });

/** A broker on `host:port` (default 127.0.0.1:1883); with `fallback`, on a free port when that one is taken. */
export const openBroker = async (options: {
  readonly host?: string;
  readonly port?: number;
  readonly fallback: boolean;
}): Promise<EmbeddedBroker | { readonly problem: Problem }> => {
  const { host = '127.0.0.1', port = 1883, fallback } = options;
  const broker = await Aedes.createBroker();

  const server = createServer(broker.handle);
  let error = await listen(server, host, port);
  const tookOther = error !== undefined && fallback;
  if (tookOther) error = await listen(server, host, 0);
  if (error) {
    await new Promise<void>((done) => broker.close(() => done()));
    return { problem: problem('broker-failed', { host, port, why: error.code ?? error.message }) };
  }
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    url: `mqtt://${host}:${actual}`,
    port: actual,
    tookOther,
    async close() {
      await new Promise<void>((done) => broker.close(() => done()));
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
};
