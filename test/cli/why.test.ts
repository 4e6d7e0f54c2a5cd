import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openControl } from '../../src/io/control.js';
import { silent } from '../../src/base/log.js';
import { diary } from '../../src/gateway/diary.js';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { logOfDownlink, logOfOutcome, type LogEvent } from '../../src/trace/life-log.js';
import { writeRecord } from '../../src/trace/json-lines.js';
import type { DownlinkOutcome, Outcome } from '../../src/ladder/outcome.js';
import { isoFromUs } from '../../src/base/time.js';
import * as one from '../trace/lives.js';
import { jsonOf, stellwerk } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-why-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
};

const { t0, s, devEui, bay, gateway } = one;
const line = (atUs: number, { event, fields }: LogEvent): string =>
  JSON.stringify({ time: isoFromUs(atUs), event, ...fields });
const heard = [{ gateway, rssiDbm: -97, snrDb: 8.5 }];
const join1 = (n: number): Outcome => ({
  frame: `${n}`.padStart(16, 'a'),
  atUs: t0 + n * 10 * s,
  result: 'joined',
  devEui,
  devAddr: `0000000${n}`,
  bay,
  gateways: heard,
  events: 0,
});
const accept = (n: number): DownlinkOutcome => ({
  frame: `${n}`.padStart(16, 'b'),
  atUs: t0 + n * 10 * s,
  devEui,
  carries: 'join-accept',
  answers: join1(n).frame,
  devAddr: `0000000${n}`,
  result: n === 1 ? 'failed' : 'sent',
  ...(n === 1 && { why: 'gateway-duty-cycle' as const }),
  attempts: [
    {
      gateway,
      window: 'rx1',
      freqHz: 868_100_000,
      dataRate: 'SF12BW125',
      verdict: n === 1 ? 'gateway-duty-cycle' : 'ok',
    },
  ],
});
const log = file('log.jsonl', [
  JSON.stringify({ time: isoFromUs(t0), event: 'gateway_started', name: 'kerb' }),
  ...[1, 2, 3].flatMap((n) => [
    line(t0 + n * 10 * s, logOfOutcome(join1(n))),
    line(t0 + n * 10 * s, logOfDownlink(accept(n))),
  ]),
  line(
    t0 + 50 * s,
    logOfOutcome({ ...join1(9), devEui: '0000000000000001', bay: 'og-13', result: 'accepted', fCnt: 1 }),
  ),
  // A log may be cut anywhere, and somebody's words may stand in it.
  'gateway: restarted by hand',
  '{"time":"2026-06-01T06:01:00.000Z","event":"uplink_acc',
]);

describe('why --log', () => {
  test('says what is the matter first, then every life, one line for each step', async () => {
    const ran = await stellwerk(['why', bay, '--log', log]);
    expect(ran.code).toBe(0);
    const lines = ran.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(
      `An accept was sent to ${bay} (${devEui}) (2 x) and never used: the device does not hear RX1 or RX2 (gateway-duty-cycle x 1).`,
    );
    expect(lines[1]).toContain('is the AppKey the same on both sides?');
    expect(lines.filter((text) => text.startsWith('2026-06-01  uplink'))).toHaveLength(3);
    expect(ran.stdout).toContain('= ended  downlink  gateway-duty-cycle: no gateway may send any more');
    expect(ran.stdout).not.toContain('\u001b');
    expect(ran.stderr).toContain(
      '2 of 10 lines were skipped; the first: line 9 is neither a log line nor a record: not JSON',
    );
  });

  test('is one JSON value for programs', async () => {
    const said = jsonOf(
      await stellwerk(['why', devEui.toUpperCase(), '--log', log, '--json', '--last', '1']),
    ) as Record<string, unknown>;
    expect(said).toMatchObject({
      well: false,
      diagnosis: { code: 'why-accept-not-heard', next: expect.any(String) },
      more: 4,
    });
    const lives = said['lives'] as readonly Record<string, unknown>[];
    expect(lives.map(({ kind }) => kind)).toEqual(['uplink', 'downlink']);
    expect(lives[0]).toMatchObject({ carries: 'join', verdict: { result: 'open' }, steps: expect.any(Array) });
  });

  test('finds a single frame and its answer by the beginning of its id', async () => {
    const said = jsonOf(await stellwerk(['why', '--frame', 'AAAAAAAAAAAAAAA2', '--log', log, '--json'])) as {
      lives: { id: string }[];
    };
    expect(said.lives.map(({ id }) => id).sort()).toEqual([join1(2).frame, accept(2).frame]);
  });

  test('reads a pipe, and a recording of both sides of the air', async () => {
    const phy = one.dataPhy(1);
    const others = one.outcome(one.dataPhy(2), t0 + 9 * s, {
      devEui: '0000000000000002',
      bay: 'og-2',
      devAddr: '00000002',
    });
    const records = [others, one.sent(phy, t0), one.heard(phy, t0 + s), one.outcome(phy, t0 + 2 * s, { fCnt: 1 })];
    const ran = await stellwerk(['why', bay, '--log', '-'], {
      input: records.map((record) => `${writeRecord(record)}\n`).join(''),
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^Nothing is wrong with og-12/);
    expect(ran.stdout).toMatch(/device +sent .*\n.*air +heard .*\n.*gateway +heard .*\n.*server +climbed/);
  });

  test('a recording of one side alone accuses nobody, and its other half is asked for', async () => {
    const phy = one.dataPhy(3);
    const records = [one.sent(phy, t0), one.heard(phy, t0 + s)].map(writeRecord);
    const ran = await stellwerk(['why', bay, '--log', file('side.jsonl', records)]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('do not hold what the server made of it (frames: 1)');
    expect(ran.stdout).not.toMatch(/firewall|[Ss]trangers/);
    const whole = [...records, writeRecord(one.outcome(phy, t0 + s))];
    const both = await stellwerk(['why', bay, '--log', '-'], { input: whole.map((one) => `${one}\n`).join('') });
    expect(both.stdout).toContain('Nothing is wrong with');
  });

  test('knows nothing of somebody else, and names who is near', async () => {
    const ran = await stellwerk(['why', 'og-14', '--log', log]);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/nothing is known of og-14\n +Nearest: og-1[23], og-1[23]/);
    const empty = await stellwerk(['why', bay, '--log', file('empty.jsonl', ['hello'])]);
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining('nor of any other device') });
    const missing = await stellwerk(['why', bay, '--log', join(folder, 'nowhere.jsonl')]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be read') });
  });

  test.each([
    [['why', '--log', '-'], 'name a device, or a frame'],
    [['why', '--frame', 'abcd'], 'a running gateway is asked about a device'],
    [['why', bay, '--frame', 'xyz'], 'expected are 4 to 16 hexadecimal digits'],
    [['why', bay, '--last', '0'], 'expected is a whole number from 1 to 1000'],
  ])('%j is a wrong use', async (args, said) =>
    expect(await stellwerk(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(said) }),
  );
});

test('a running gateway is asked over its control socket', async () => {
  const device = { devEui, name: 'church', bay, lot: 'graben', lorawan: '1.0.4', model: bosch, options: {} } as const;
  const book = diary({
    devices: [{ ...device, activation: { kind: 'otaa', appKey: aesKey(new Uint8Array(16)) } }],
    nowUs: () => t0 + 3600 * s,
  });
  for (const n of [1, 2, 3]) {
    const { devAddr: _, ...refused } = join1(n);
    book.outcome({ ...refused, result: 'refused', why: 'dev-nonce-used' });
  }
  const path = join(folder, 'control.sock');
  const control = await openControl({
    path,
    name: 'kerb',
    log: silent,
    known: ['why'],
    answer: ({ body }, reply) =>
      reply.ok(book.why({ devEui: String(body['device']), last: Number(body['last']) }) as never),
  });
  if ('problem' in control) throw new Error(control.problem.code);
  try {
    const ran = await stellwerk(['why', bay, '--control', path]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(
      /^The joins of church, og-12 \(70b3d57ed0000012\) are refused: dev-nonce-used x 3\.\n {2}A LoRaWAN 1\.0\.4 device/,
    );
  } finally {
    await control.close();
  }
  const nobody = await stellwerk(['why', bay, '--control', path]);
  expect(nobody).toMatchObject({ code: 1, stdout: '' });
});
