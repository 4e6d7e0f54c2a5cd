import { expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { diary, type DiarySetup, type WhyAnswer } from '../../src/gateway/diary.js';
import { aesKey } from '../../src/lorawan/aes.js';
import type { Outcome } from '../../src/ladder/outcome.js';
import type { Device } from '../../src/network/device.js';
import { sentenceOf } from '../../src/base/problem.js';
import { diagnose } from '../../src/trace/life-diagnosis.js';
import { livesOf } from '../../src/trace/life.js';
import type { TraceRecord } from '../../src/trace/record.js';
import * as one from '../trace/lives.js';

const { t0, s, devEui, devAddr, bay, gateway } = one;
const device: Device = {
  devEui,
  name: 'church',
  bay,
  lot: 'graben',
  lorawan: '1.0.4',
  activation: { kind: 'otaa', appKey: aesKey(new Uint8Array(16).fill(0xab)) },
  model: bosch,
  options: {},
};
const open = (more: Partial<DiarySetup> = {}) => diary({ devices: [device], nowUs: () => t0, ...more });
const outcome = (n: number, more: Partial<Outcome> = {}): Outcome => ({
  frame: n.toString(16).padStart(16, '0'),
  atUs: t0 + n * s,
  result: 'accepted',
  devEui,
  devAddr,
  bay,
  fCnt: n,
  gateways: [{ gateway, rssiDbm: -97 }],
  events: 1,
  ...more,
});
/** As it comes out of the control socket. */
const overTheWire = (answer: WhyAnswer): WhyAnswer => JSON.parse(JSON.stringify(answer)) as WhyAnswer;
const livesIn = (answer: WhyAnswer) => livesOf(overTheWire(answer).records as readonly TraceRecord[]);

test('tells the lives of a device by its DevEUI, bay or name, without a key', () => {
  const book = open();
  book.outcome(outcome(1));
  book.downlink({
    frame: one.downlinkId(1),
    atUs: t0 + s,
    devEui,
    carries: 'acknowledgement',
    answers: outcome(1).frame,
    result: 'sent',
    attempts: [],
  });
  for (const asked of [devEui, devEui.toUpperCase(), bay, 'church']) {
    const answer = book.why({ devEui: asked });
    expect(answer.device).toMatchObject({ devEui, bay, name: 'church', model: 'bosch-tps110', activation: 'otaa' });
    expect(JSON.stringify(answer)).not.toMatch(/abab|[kK]ey/);
    expect(livesIn(answer).lives.map(({ kind }) => kind)).toEqual(['uplink', 'downlink']);
  }
});

test('knows strangers by DevEUI and DevAddr, and names near a slip', () => {
  const book = open();
  const {
    bay: _,
    devAddr: __,
    ...unknown
  } = outcome(1, { devEui: '0000000000000001', result: 'refused', why: 'unknown-device', events: 0 });
  book.outcome(unknown);
  const { bay: ___, devEui: ____, ...stray } = outcome(2, { result: 'refused', why: 'unknown-dev-addr', events: 0 });
  book.outcome(stray);
  const answer = book.why({ devEui: '0000000000000001' });
  expect(answer.device).toBeUndefined();
  const { lives, around } = livesIn(answer);
  expect(sentenceOf(diagnose({ who: 'x', lives, around }).finding)).toContain('is not registered');
  expect(livesIn(book.why({ devEui: devAddr.toUpperCase() })).lives).toHaveLength(1);
  expect(book.why({ devEui }).strangers).toEqual([{ devAddr, frames: 1 }]);
  expect(book.why({ devEui: 'og-13' }).near).toContain(bay);
});

test('gives as many frames as are wanted, and says how many it left out', () => {
  const book = open();
  for (let n = 0; n < 100; n++) book.outcome(outcome(n));
  const answer = book.why({ devEui, last: 5 });
  expect(livesIn(answer).lives.map(({ fCnt }) => fCnt)).toEqual([95, 96, 97, 98, 99]);
  expect(answer.leftOut).toBe(59);
});

test('a flood of commands hides no frame', () => {
  const book = open();
  book.outcome(outcome(1));
  for (let n = 0; n < 100; n++)
    book.event({
      ...{ id: `cmd-${n}`, devEui, atUs: t0 + (n + 2) * s, state: 'failed', why: 'queue-full' },
      ...{ fPort: 3, confirmed: false },
    });
  const { lives } = livesIn(book.why({ devEui: bay, last: 64 }));
  expect(lives.filter(({ kind }) => kind === 'uplink')).toHaveLength(1);
  expect(lives.at(-1)!.id).toBe('cmd-99');
  expect(diagnose({ who: bay, lives, around: [] }).finding.code).not.toBe('why-never-heard');
});

test('tells of late copies, gateways, refused datagrams and how the sinks stand now', () => {
  const book = open({ sinks: () => [{ address: 'mqtt://b', connected: false, waiting: 3 }] });
  const phy = one.dataPhy(1);
  book.outcome(outcome(1, { frame: one.idOf(phy) }));
  const rx = {
    phy,
    atUs: t0 + 9 * s,
    gateway,
    freqHz: 868_100_000,
    dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
    rssiDbm: -110,
    crc: 'ok',
  } as const;
  book.copy(rx, 'in-time');
  book.copy(rx, 'late');
  book.gateway(gateway, 'offline');
  book.refused('not-allowed', { gateway: '0000000000000009', address: '192.0.2.1' });
  book.refused('not-allowed', { gateway: '0000000000000009' });
  book.refused('Bad Words', {});
  const { lives, around } = livesIn(book.why({ devEui }));
  expect(lives[0]!.steps.filter(({ what }) => what === 'late-copy')).toHaveLength(1);
  const { finding, also } = diagnose({ who: bay, lives, around, nowUs: t0 + 9 * s });
  expect([finding, ...also].map(({ code }) => code)).toEqual([
    'why-sink-waits',
    'why-gateway-offline',
    'why-gateway-strange',
  ]);
  expect(sentenceOf(also[1]!)).toContain('(datagrams: 2)');
});

test('a flood of strangers costs no more than its bound', () => {
  const book = open();
  for (let n = 0; n < 5_000; n++) {
    book.outcome(outcome(n, { devEui: n.toString(16).padStart(16, 'f'), result: 'refused', why: 'unknown-device' }));
    book.refused(`reason-${n}`);
  }
  book.outcome(outcome(1));
  expect(livesIn(book.why({ devEui })).lives).toHaveLength(1);
  expect(book.why({ devEui }).records.length).toBeLessThan(1_000);
});
