import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import type { SensorModel } from '../../src/codec/sensor.js';
import {
  climb,
  ladder,
  ladderWakeUs,
  type Batch,
  type LadderSettings,
  type LadderState,
} from '../../src/ladder/ladder.js';
import { refusals, type Outcome } from '../../src/ladder/outcome.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { parseFrame, sealData } from '../../src/lorawan/frame.js';
import { openJoinAccept, sealJoinRequest } from '../../src/lorawan/join.js';
import { sessionKeys10 } from '../../src/lorawan/keys.js';
import type { RxFrame, TxFrame } from '../../src/lorawan/radio.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Device } from '../../src/network/device.js';
import { registry } from '../../src/network/registry.js';
import { usualNetwork } from '../../src/network/settings.js';
import { loadMemory, saveMemory } from '../../src/network/session.js';

let model: SensorModel;
beforeAll(async () => {
  model = must(await openCatalogue().load('sensors', 'bosch-tps110'));
});

const nwkSKey = new Uint8Array(16).fill(1);
const appSKey = new Uint8Array(16).fill(2);
const appKey = aesKey(new Uint8Array(16).fill(3));
const joinEui = '70b3d57ed0000001';
const settings: LadderSettings = {
  ...usualNetwork(eu868),
  netId: 0x13,
  rx2DataRate: 3,
  extraChannelsHz: [867_100_000],
  adr: 'off',
  statusEveryMs: 0,
  dutyCycle: 'ignore',
  simulated: false,
};
/** A batch of an uplink, with every window in which its answer may leave. */
type Fed = Batch & { readonly outcome: Outcome; readonly answer: readonly TxFrame[] };
const abp = (devEui: string, devAddr: number): Device => ({
  ...otaa(devEui),
  activation: { kind: 'abp', devAddr, nwkSKey, appSKey },
});
const otaa = (devEui: string, lorawan: Device['lorawan'] = '1.0.3'): Device => ({
  devEui,
  name: devEui,
  bay: `bay-${devEui.slice(-2)}`,
  lot: 'lot',
  lorawan,
  activation: { kind: 'otaa', joinEui, appKey },
  model,
  options: {},
});
const rx = (phy: Uint8Array, atUs: number, more: Partial<RxFrame> = {}): RxFrame => ({
  phy,
  atUs,
  gateway: '0253544b47570001',
  tmst: 4_294_000_000,
  freqHz: 868_300_000,
  dataRate: { kind: 'lora', sf: 9, bwHz: 125_000 },
  rssiDbm: -100,
  snrDb: 5,
  crc: 'ok',
  ...more,
});
let now = 0;
const feed = (state: LadderState, phy: Uint8Array, more: Partial<RxFrame> = {}): Fed => {
  const batches: Batch[] = [];
  const out = { batch: (batch: Batch) => void batches.push(batch), copy: () => undefined };
  now += 3_000_000;
  climb(state, { kind: 'frame', rx: rx(phy, now, more) }, out);
  const atUs = ladderWakeUs(state);
  climb(state, { kind: 'tick', atUs }, out);
  expect(batches).toHaveLength(1);
  const [first] = batches;
  const answer: TxFrame[] = [];
  // Every gateway refuses every window, so that all of them are seen.
  for (let send = first!.send; send; send = batches.pop()?.send) {
    answer.push(send);
    climb(state, { kind: 'verdict', id: send.id, verdict: 'collision-packet', atUs }, out);
  }
  return { ...first!, outcome: first!.outcome!, answer };
};
const up = (fCnt: number, more: Partial<Parameters<typeof sealData>[0]> = {}): Uint8Array =>
  sealData({
    uplink: true,
    confirmed: false,
    devAddr: 0x260b1a2f,
    fCnt,
    fPort: 1,
    payload: new Uint8Array([1]),
    nwkSKey: aesKey(nwkSKey),
    appSKey: aesKey(appSKey),
    ...more,
  });
const standing = (): LadderState => ladder(settings, registry([abp('00000000000000a1', 0x260b1a2f)]));

describe('data', () => {
  test('an uplink becomes a parking event, and its id follows from the frame', () => {
    const state = standing();
    const { outcome, events } = feed(state, up(0));
    expect(outcome).toMatchObject({ result: 'accepted', devEui: '00000000000000a1', fCnt: 0, events: 1 });
    expect(events[0]).toMatchObject({
      kind: 'occupied',
      bay: 'bay-a1',
      id: `${outcome.frame}-0`,
      model: 'bosch-tps110',
    });
    expect('simulated' in outcome).toBe(false);
  });

  test('replay, retransmission, gap, and the 16-bit turn', () => {
    const state = standing();
    expect(feed(state, up(5)).outcome.result).toBe('accepted');
    expect(feed(state, up(5)).outcome.why).toBe('retransmission');
    expect(feed(state, up(3)).outcome.why).toBe('replay');
    expect(feed(state, up(30_000)).outcome.why).toBe('counter-jump');
    for (const fCnt of [16_000, 32_000, 48_000, 64_000]) expect(feed(state, up(fCnt)).outcome.result).toBe('accepted');
    expect(feed(state, up(65_535)).outcome.result).toBe('accepted');
    expect(feed(state, up(65_536)).outcome).toMatchObject({ result: 'accepted', fCnt: 65_536 });
    expect(feed(state, up(65_500)).outcome.why).toBe('replay');
  });

  test('a retransmission of a confirmed frame is acknowledged again and makes no second event', () => {
    const state = standing();
    const first = feed(state, up(0, { confirmed: true }));
    const second = feed(state, up(0, { confirmed: true }));
    expect(first.events).toHaveLength(1);
    expect(second.events).toHaveLength(0);
    const counters = [first, second].map(({ answer }) => {
      const frame = parseFrame(answer[0]!.phy);
      return frame.ok && frame.value.kind === 'data' && frame.value.ack ? frame.value.fCnt16 : -1;
    });
    expect(counters).toEqual([0, 1]);
  });

  test('answers hit the windows in the arithmetic of a 32-bit counter', () => {
    const [rx1, rx2] = feed(standing(), up(0, { confirmed: true })).answer;
    expect(rx1).toMatchObject({ when: { tmst: (4_294_000_000 + 1_000_000) % 2 ** 32 }, freqHz: 868_300_000 });
    expect(rx1!.dataRate).toMatchObject({ sf: 9 });
    expect(rx2).toMatchObject({ when: { tmst: (4_294_000_000 + 2_000_000) % 2 ** 32 }, freqHz: 869_525_000 });
    // A personalised device does not know of our RX2 yet: it listens as the region says, and is told in this very frame.
    expect(rx2!.dataRate).toMatchObject({ sf: 12 });
  });

  test('every refusal has its reason', () => {
    const state = standing();
    const spoilt = up(0);
    spoilt[spoilt.length - 1]! ^= 1;
    expect(feed(state, spoilt).outcome.why).toBe('mic-mismatch');
    expect(feed(state, up(0, { devAddr: 1 })).outcome.why).toBe('unknown-dev-addr');
    expect(feed(state, up(0), { crc: 'bad' }).outcome.why).toBe('crc-bad');
    expect(feed(state, up(0, { uplink: false })).outcome.why).toBe('unsupported-type');
    expect(feed(state, new Uint8Array([0x40, 1])).outcome.why).toBe('frame-too-short');
    expect(feed(state, new Uint8Array([0x41, ...new Uint8Array(20)])).outcome.why).toBe('unsupported-major');
    expect(feed(state, new Uint8Array([0xe0, 1, 2])).outcome.why).toBe('unsupported-type');
    expect(feed(state, up(1, { fPort: 99 })).outcome).toMatchObject({ why: 'unknown-port', fPort: 99 });
    expect(feed(state, up(2, { payload: new Uint8Array(9) })).outcome.why).toBe('bad-payload');
    expect(feed(state, up(2)).outcome.why).toBe('retransmission');
  });

  test('devices that share an address are told apart by their keys', () => {
    const other = { ...abp('00000000000000b2', 0x260b1a2f) };
    const theirs: Device = {
      ...other,
      activation: { kind: 'abp', devAddr: 0x260b1a2f, nwkSKey: new Uint8Array(16).fill(9), appSKey },
    };
    const state = ladder(settings, registry([abp('00000000000000a1', 0x260b1a2f), theirs]));
    expect(feed(state, up(0, { nwkSKey: aesKey(new Uint8Array(16).fill(9)) })).outcome.bay).toBe('bay-b2');
    expect(feed(state, up(0)).outcome.bay).toBe('bay-a1');
  });
});

describe('join', () => {
  const request = (devNonce: number, devEui = '00000000000000c3', eui = joinEui): Uint8Array =>
    sealJoinRequest({ joinEui: eui, devEui, devNonce, appKey });
  const joined = (lorawan: Device['lorawan'] = '1.0.3'): LadderState =>
    ladder(settings, registry([otaa('00000000000000c3', lorawan)]));

  test('the accept leads to a session that both ends share, 5 s after the request', () => {
    const state = joined();
    const { outcome, answer } = feed(state, request(258));
    expect(outcome.result).toBe('joined');
    expect(answer.map(({ when }) => when)).toEqual([
      { kind: 'tmst', tmst: (4_294_000_000 + 5_000_000) % 2 ** 32 },
      { kind: 'tmst', tmst: (4_294_000_000 + 6_000_000) % 2 ** 32 },
    ]);
    const accept = must(openJoinAccept(answer[0]!.phy, appKey));
    expect(accept).toMatchObject({ netId: 0x13, rxDelayS: 1, rx2DataRate: 3 });
    expect(accept.devAddr >>> 25).toBe(0x13);
    const keys = sessionKeys10({ appKey, joinNonce: accept.joinNonce, netId: 0x13, devNonce: 258 });
    const phy = up(0, { devAddr: accept.devAddr, nwkSKey: aesKey(keys.nwkSKey), appSKey: aesKey(keys.appSKey) });
    expect(feed(state, phy).outcome).toMatchObject({ result: 'accepted', bay: 'bay-c3' });
  });

  test('nonces are used once, up to 1.0.3 in any order, from 1.0.4 upwards only', () => {
    const any = joined();
    expect(feed(any, request(9)).outcome.result).toBe('joined');
    expect(feed(any, request(5)).outcome.result).toBe('joined');
    expect(feed(any, request(9)).outcome.why).toBe('dev-nonce-used');
    const rising = joined('1.0.4');
    expect(feed(rising, request(0)).outcome.result).toBe('joined');
    expect(feed(rising, request(9)).outcome.result).toBe('joined');
    expect(feed(rising, request(5)).outcome.why).toBe('dev-nonce-used');
  });

  test('a network that has lost its memory gives a recorded join other keys than the first time', () => {
    now += 1_780_000_000_000_000;
    const nonceOf = ({ answer }: Fed): number => must(openJoinAccept(answer[0]!.phy, appKey)).joinNonce;
    const first = nonceOf(feed(joined(), request(3)));
    now += 60_000_000;
    const again = nonceOf(feed(joined(), request(3)));
    expect(again).toBeGreaterThan(first);
    const state = joined();
    const row = [4, 5, 6].map((devNonce) => nonceOf(feed(state, request(devNonce))));
    expect(new Set(row).size).toBe(3);
    expect(row).toEqual([...row].sort((a, b) => a - b));
    now -= 1_780_000_000_000_000;
  });

  test('strangers, wrong keys and wrong JoinEUIs burn no nonce', () => {
    const state = joined();
    expect(feed(state, request(1, '00000000000000ff')).outcome.why).toBe('unknown-device');
    expect(feed(state, request(1, '00000000000000c3', 'ffffffffffffffff')).outcome.why).toBe('join-eui-mismatch');
    const spoilt = request(1);
    spoilt[22]! ^= 1;
    expect(feed(state, spoilt).outcome.why).toBe('mic-mismatch');
    expect(feed(state, request(1)).outcome.result).toBe('joined');
  });

  test('the old session stays good until the new one has spoken', () => {
    const state = joined();
    const session = (batch: Fed, devNonce: number): Partial<Parameters<typeof sealData>[0]> => {
      const { joinNonce, devAddr } = must(openJoinAccept(batch.answer[0]!.phy, appKey));
      const keys = sessionKeys10({ appKey, joinNonce, netId: 0x13, devNonce });
      return { devAddr, nwkSKey: aesKey(keys.nwkSKey), appSKey: aesKey(keys.appSKey) };
    };
    const old = session(feed(state, request(1)), 1);
    expect(feed(state, up(0, old)).outcome.result).toBe('accepted');
    const fresh = session(feed(state, request(2)), 2);
    expect(feed(state, up(1, old)).outcome.result).toBe('accepted');
    expect(feed(state, up(0, fresh)).outcome.result).toBe('accepted');
    expect(feed(state, up(2, old)).outcome.why).toBe('unknown-dev-addr');
  });

  test('what is saved and loaded again knows the same nonces and counters', () => {
    const state = joined();
    feed(state, request(7));
    const memories = [...state.devices.entries()].map(({ memory }) =>
      loadMemory(JSON.parse(JSON.stringify(saveMemory(memory))))!,
    );
    const next = ladder(settings, registry([otaa('00000000000000c3')], memories));
    expect(feed(next, request(7)).outcome.why).toBe('dev-nonce-used');
  });
});

test('100 000 random byte strings: no throw, one outcome with a known reason each', () => {
  const state = standing();
  let seen = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const out = {
        copy: () => undefined,
        batch({ outcome }: Batch) {
          seen++;
          expect(refusals).toContain(outcome?.why);
        },
      };
      now += 3_000_000;
      climb(state, { kind: 'frame', rx: rx(bytes, now) }, out);
      climb(state, { kind: 'tick', atUs: now + 200_000 }, out);
    }),
    { numRuns: 100_000 },
  );
  expect(seen).toBe(100_000);
});
