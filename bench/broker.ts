import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { openBroker } from '../src/io/broker.js';

export interface BenchBroker {
  readonly url: string;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** mosquitto where it is installed, so that broker and gateway do not share a thread; else the embedded broker. */
export const benchBroker = async (): Promise<BenchBroker> => {
  const found = spawnSync('sh', ['-c', 'command -v mosquitto || ls /usr/sbin/mosquitto'], { encoding: 'utf8' });
  if (found.status !== 0) {
    const broker = await openBroker({ port: 0, fallback: true });
    if ('problem' in broker) throw new Error(broker.problem.code);
    return { url: broker.url, stop: () => broker.close() };
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-bench-'));
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n`,
  );
  const child = spawn(found.stdout.trim(), ['-c', file], { stdio: 'ignore' });
  const url = `mqtt://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    try {
      await (await mqtt.connectAsync(url)).endAsync();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    url,
    async stop() {
      child.kill();
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
