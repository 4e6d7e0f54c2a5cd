import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openTcp } from '../../src/io/tcp.js';
import { listener, started } from './ears.js';

test('who floods a port leaves the timers their turn, and nothing of it is lost', async () => {
  const flood = Buffer.from(Array.from({ length: 96 << 10 }, (_, i) => i & 0xff));
  const server = createServer((socket) => socket.end(flood)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const heard = listener();
  const pieces: Buffer[] = [];
  let atTimer: number | undefined;
  const ears = {
    ...heard.ears,
    bytes(bytes: Uint8Array) {
      if (pieces.length === 0) setTimeout(() => (atTimer = pieces.length), 0);
      pieces.push(Buffer.from(bytes));
      heard.ears.bytes(bytes);
    },
  };
  const link = started(await openTcp({ host: '127.0.0.1', port }, ears));
  onTestFinished(() => link.close());
  await heard.until(() => heard.heard.includes('lost link-lost'));
  expect(Buffer.concat(pieces).equals(flood)).toBe(true);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(4_096);
  expect(atTimer).toBeLessThan(pieces.length / 2);
});
