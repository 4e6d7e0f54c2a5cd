import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerPath } from './peer.js';

export interface Mosquitto {
  readonly port: number;
  readonly url: string;
  /** Stands still, as behind a cut cable: the system still takes what is sent, nobody answers. */
  freeze(): void;
  /** Ends without a word, as in a power cut. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A TCP port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** A real mosquitto on a port of its own; further lines go into its configuration. */
export const startMosquitto = async (
  setup: { readonly port?: number; readonly config?: readonly string[] } = {},
): Promise<Mosquitto> => {
  const port = setup.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(
    file,
    [`listener ${port} 127.0.0.1`, 'persistence false', ...(setup.config ?? ['allow_anonymous true'])].join('\n'),
  );
  const child = spawn(peerPath('mosquitto'), ['-c', file], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A run that is broken off must not leave a broker behind.
  const reap = (): void => void child.kill('SIGKILL');
  process.once('exit', reap);
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100) throw new Error('mosquitto does not answer');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    async kill() {
      child.kill('SIGKILL');
      await ended;
      process.off('exit', reap);
      rmSync(folder, { recursive: true, force: true });
    },
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await ended;
      process.off('exit', reap);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
