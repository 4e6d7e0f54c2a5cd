import { afterEach, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import type { Link } from '../../src/io/link.js';
import { offerLink } from '../../src/io/offer.js';
import { examine } from '../../src/workbench/doctor/examine.js';
import { thisWorld } from '../../src/workbench/doctor/world.js';
import { known } from './made-up-world.js';

let board: Link | undefined;
afterEach(() => board?.close());

test('a real port is listened to without a byte being written, and is free afterwards', async () => {
  const written: number[] = [];
  const ears = { opened: () => undefined, bytes: (bytes: Uint8Array) => written.push(...bytes), lost: () => undefined };
  board = must(await offerLink({ kind: 'pty' }, ears));
  board.start();
  const world = thisWorld({ known, stop: new AbortController().signal, progress: () => undefined });
  const log = Buffer.from('joining...joined\r\nunconfirmed uplink sending ...\r\n'.repeat(8));
  // What a PTY holds when it is opened is flushed: the board goes on talking.
  const talking = setInterval(() => board?.write(log), 20);
  try {
    for (let round = 0; round < 2; round++) {
      const findings = await examine(world, { named: board.address });
      const speed = findings.find(({ check }) => check === 'speed');
      expect([speed?.state, speed?.what.code]).toEqual(['ok', 'doctor-text']);
    }
  } finally {
    clearInterval(talking);
  }
  expect(written).toEqual([]);
});
