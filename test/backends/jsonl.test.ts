import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { keptLog } from '../../src/base/log.js';
import { must, sentenceOf } from '../../src/base/problem.js';
import kind from '../../src/backends/jsonl.js';
import type { OpenBackend } from '../../src/backends/define.js';
import { steppedClock } from '../../src/io/clock.js';
import { readText } from '../../src/io/disk.js';
import type { RxFrame } from '../../src/lorawan/radio.js';
import { readRecord } from '../../src/trace/json-lines.js';
import { rxOfRecord } from '../../src/trace/rx.js';

const rx = (i: number): RxFrame => ({
  phy: hex('40f17dbe4900020001954378762b11ff0d'),
  atUs: 1_780_293_600_000_000 + i,
  gateway: '0016c001f153a19e',
  tmst: i,
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 9, bwHz: 125_000 },
  codingRate: '4/5',
  rssiDbm: -97,
  snrDb: 7.5,
  crc: 'ok',
});
const log = keptLog();
const open = (to: string): ReturnType<typeof kind.open> =>
  kind.open(to, { clock: steppedClock(0), log: log.log, gateways: [], downlink: () => 'ok' });
const opened = async (to: string): Promise<OpenBackend> => {
  const backend = await open(to);
  if ('problem' in backend) throw new Error(sentenceOf(backend.problem));
  return backend;
};
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stellwerk-jsonl-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('every hearing is a line that reads back as the same hearing', async () => {
  const path = join(folder, 'run.jsonl');
  const backend = await opened(`jsonl:${path}`);
  const sent = Array.from({ length: 500 }, (_, i) => rx(i));
  for (const frame of sent) backend.uplink(frame);
  expect(await backend.settled(20_000)).toBe(0);
  expect(backend.state).toMatchObject({ sent: 500, acknowledged: 500, downlinks: 0 });
  await backend.close();
  const lines = must(await readText(path))
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => must(rxOfRecord(must(readRecord(line)))))).toEqual(sent);
});

test('no folder and no name are problems', async () => {
  expect(await open(`jsonl:${join(folder, 'none', 'x')}`)).toMatchObject({ problem: { code: 'file-unwritable' } });
  expect(await open('jsonl:')).toMatchObject({ problem: { code: 'bad-target' } });
  expect(['jsonl:x', 'jsonl:-', 'udp://x'].map(kind.accepts)).toEqual([true, true, false]);
});

test.runIf(process.platform === 'linux')('a full disk is said once, the frames stay open', async () => {
  const backend = await opened('jsonl:/dev/full');
  for (let i = 0; i < 3; i++) backend.uplink(rx(i));
  expect(await backend.settled(20_000)).toBe(3);
  backend.uplink(rx(4));
  await backend.close();
  const said = log.events.filter(({ event }) => event === 'backend_failed');
  expect(said.map(({ fields }) => fields['why'])).toEqual(['the disk is full']);
});
