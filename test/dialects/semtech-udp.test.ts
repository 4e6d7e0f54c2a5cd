import fc from 'fast-check';
import { expect, test, describe } from 'vitest';
import { dice, whole } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { usFromIso } from '../../src/base/time.js';
import {
  parseDatagram,
  rxFramesOf,
  statJson,
  statOf,
  txFrameOf,
  writeDatagram,
} from '../../src/dialects/radio/semtech-udp/index.js';
import type { RxFrame } from '../../src/lorawan/radio.js';
import samples from '../vectors/semtech-udp.json' with { type: 'json' };

const gateway = samples.gatewayId;
const json = (text: string): Uint8Array => new TextEncoder().encode(text);
const push = (...rxpk: readonly unknown[]): ReturnType<typeof rxFramesOf> => rxFramesOf({ gateway, rxpk }, 1000);
const good = samples.pushData.json.rxpk[0]!;
const codeOf = (bytes: Uint8Array): string => {
  const read = parseDatagram(bytes);
  return read.ok ? 'ok' : read.problem.code;
};

describe('published samples', () => {
  test.each(['pushData', 'pushAck', 'pullData', 'pullAck', 'pullResp', 'txAckOk', 'txAckError', 'txAckWarn'] as const)(
    '%s is read and written to the same bytes',
    (name) => {
      const datagram = must(parseDatagram(hex(samples[name].hex)));
      expect(toHex(writeDatagram(datagram))).toBe(samples[name].hex);
    },
  );

  test('the frame in a PUSH_DATA', () => {
    const datagram = must(parseDatagram(hex(samples.pushData.hex)));
    expect(datagram).toMatchObject({ type: 'push-data', version: 2, token: 0x1a2b, gateway: '0016c001f153a19e' });
    if (datagram.type !== 'push-data') throw new Error('unreachable');
    expect(rxFramesOf(datagram, 77)).toEqual({
      refused: [],
      frames: [
        {
          phy: hex('40f17dbe4900020001954378762b11ff0d'),
          atUs: 77,
          gateway,
          tmst: 3512348611,
          gatewayTimeUs: usFromIso('2023-11-14T22:13:20.123456Z'),
          freqHz: 868_500_000,
          dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
          codingRate: '4/5',
          rssiDbm: -56,
          snrDb: 9.5,
          crc: 'ok',
          channel: 2,
          rfChain: 0,
        },
      ],
    });
  });

  test('NONE is the same as no JSON at all', () => {
    expect(must(parseDatagram(hex(samples.txAckNone.hex)))).toEqual(must(parseDatagram(hex(samples.txAckOk.hex))));
  });

  test('rxpk examples of the specification, unpadded and with characters of the URL alphabet', () => {
    const { frames, refused } = push(...samples.specExamples.rxpk);
    expect(refused).toEqual([]);
    expect(frames.map(({ phy }) => phy.length)).toEqual([32, 16, 32]);
    expect(frames.map(({ freqHz }) => freqHz)).toEqual([866_349_812, 869_100_000, 863_009_810]);
    expect(frames[0]!.gatewayTimeUs).toBe(usFromIso('2020-10-01T09:30:52.592567Z'));
    expect(frames[1]).toMatchObject({ dataRate: { kind: 'fsk', bitRate: 50_000 }, rssiDbm: -75 });
    expect(frames[1]).not.toHaveProperty('snrDb');
    expect(new TextDecoder().decode(frames[1]!.phy)).toBe('TEST_PACKET_1234');
  });

  test('txpk examples of the specification', () => {
    expect(must(txFrameOf(samples.specExamples.txpkLora, { gateway, id: 5 }))).toMatchObject({
      when: { kind: 'now' },
      freqHz: 864_123_456,
      dataRate: { kind: 'lora', sf: 11, bwHz: 125_000 },
      codingRate: '4/6',
      powerDbm: 14,
      invertPolarity: false,
      id: 5,
    });
    expect(must(txFrameOf(samples.specExamples.txpkFsk, { gateway, id: 5 }))).toMatchObject({
      dataRate: { kind: 'fsk', bitRate: 50_000 },
    });
    expect(must(txFrameOf(samples.pullResp.json.txpk, { gateway, id: 1 })).when).toEqual({
      kind: 'tmst',
      tmst: 3513348611,
    });
  });

  test('stat, both ways', () => {
    const stat = must(statOf(samples.specExamples.stat));
    expect(stat).toMatchObject({
      atUs: usFromIso('2014-01-12T08:59:28Z'),
      lat: 46.24,
      rxReceived: 2,
      acknowledgedPercent: 100,
    });
    expect(statJson(stat)).toEqual(samples.specExamples.stat);
    expect(Object.keys(statJson(stat))).toEqual(Object.keys(samples.specExamples.stat));
  });
});

describe('reading receptions', () => {
  test('one bad rxpk does not take the good ones with it', () => {
    const { frames, refused } = push({ ...good, size: 16 }, good, 7, null, { ...good, datr: 'SF4BW125' }, good);
    expect(frames).toHaveLength(2);
    expect(refused.map(({ index, problem }) => `${index} ${problem.code} ${problem.facts['field']}`)).toEqual([
      '0 bad-rxpk data',
      '2 bad-rxpk the entry',
      '3 bad-rxpk the entry',
      '4 bad-rxpk datr',
    ]);
  });

  test.each([
    ['data', { data: 'QPF9vkkAAgABlUN4disR/w0*' }],
    ['data', { data: 'QPF9vkkAAgABlUN4disR /w0=' }],
    ['data', { data: undefined }],
    ['data', { data: 5 }],
    ['size', { size: 300 }],
    ['freq', { freq: undefined }],
    ['freq', { freq: -1 }],
    ['freq', { freq: '868.1' }],
    ['rssi', { rssi: undefined }],
    ['tmst', { tmst: -1 }],
    ['tmst', { tmst: 2 ** 32 }],
    ['tmst', { tmst: 1.5 }],
    ['datr', { datr: 'SF7' }],
    ['datr', { datr: 50000 }],
    ['modu', { modu: 'AM' }],
    ['modu', { modu: 'constructor' }],
    ['stat', { stat: 2 }],
    ['chan', { chan: 0.5 }],
    ['lsnr', { lsnr: '9' }],
    ['codr', { codr: {} }],
  ])('refuses a wrong %s: %j', (field, change) => {
    expect(push({ ...good, ...change }).refused[0]?.problem).toMatchObject({ code: 'bad-rxpk', facts: { field } });
  });

  test('takes what forwarders in the street send', () => {
    const one = (change: object): RxFrame | undefined => push({ ...good, ...change }).frames[0];
    expect(one({ data: good.data.replace('=', '') })).toBeDefined();
    expect(one({ stat: -1 })).toMatchObject({ crc: 'bad' });
    expect(one({ stat: 0 })).toMatchObject({ crc: 'none' });
    expect(one({ stat: undefined })).toMatchObject({ crc: 'none' });
    expect(one({ time: null, tmms: 1_384_035_218_123 })?.gatewayTimeUs).toBe(usFromIso('2023-11-14T22:13:20.123Z'));
    expect(one({ time: 'yesterday' })).not.toHaveProperty('gatewayTimeUs');
    expect(one({ modu: 'LR-FHSS', datr: 'M0CW137', codr: '2/6' })).toMatchObject({
      dataRate: { kind: 'lr-fhss', text: 'M0CW137' },
      codingRate: '2/6',
    });
    const rsig = [
      { ant: 0, rssic: -103, lsnr: 2 },
      { ant: 1, rssic: -97, lsnr: 4.5 },
    ];
    expect(one({ rssi: undefined, lsnr: undefined, rsig })).toMatchObject({ rssiDbm: -97, snrDb: 4.5 });
  });
});

describe('rubbish', () => {
  test.each([
    ['datagram-short', hex('0200')],
    ['datagram-short', hex('021a2b00 0016c001f153a1')],
    ['datagram-short', hex('021a2b02')],
    ['datagram-version', hex('031a2b01')],
    ['datagram-type', hex('021a2b06')],
    ['datagram-long', new Uint8Array(65_508).fill(2)],
    ['datagram-json', hex('021a2b000016c001f153a19e')],
    ['datagram-json', Uint8Array.of(...hex('021a2b000016c001f153a19e'), ...json('{"rxpk":['))],
    ['datagram-json', Uint8Array.of(...hex('021a2b000016c001f153a19e'), ...json('{"x":'.repeat(5000)))],
    ['datagram-json', hex('021a2b000016c001f153a19e 7b22c3287d')],
    ['datagram-shape', Uint8Array.of(...hex('021a2b000016c001f153a19e'), ...json('[]'))],
    ['datagram-shape', Uint8Array.of(...hex('021a2b000016c001f153a19e'), ...json('{"rxpk":{}}'))],
    ['datagram-shape', Uint8Array.of(...hex('021a2b000016c001f153a19e'), ...json(`{"rxpk":[${'0,'.repeat(255)}0]}`))],
    ['datagram-shape', Uint8Array.of(...hex('021a2b03'), ...json('{}'))],
    ['datagram-shape', Uint8Array.of(...hex('021a2b050016c001f153a19e'), ...json('{"txpk_ack":7}'))],
  ])('%s', (code, bytes) => expect(codeOf(bytes)).toBe(code));

  test('brackets inside texts do not count as depth', () => {
    const bytes = Uint8Array.of(
      ...hex('021a2b000016c001f153a19e'),
      ...json(JSON.stringify({ note: '[{\\"'.repeat(50) })),
    );
    expect(codeOf(bytes)).toBe('ok');
  });

  test('100 000 random byte strings: a value every time, and what is read can be written', () => {
    const d = dice('rubbish', 'semtech-udp');
    let read = 0;
    for (let run = 0; run < 100_000; run++) {
      const bytes = Uint8Array.from({ length: whole(d, 0, 40) }, () => whole(d, 0, 255));
      // Two in three look like the protocol at first sight.
      if (run % 3 > 0 && bytes.length > 3) {
        bytes[0] = whole(d, 1, 2);
        bytes[3] = whole(d, 0, 5);
      }
      const parsed = parseDatagram(bytes);
      if (!parsed.ok) continue;
      read++;
      expect(parseDatagram(writeDatagram(parsed.value))).toEqual(parsed);
    }
    expect(read).toBeGreaterThan(10_000);
  });

  test('any JSON in any field: a value, never an exception', () => {
    const fields = [
      'tmst',
      'time',
      'tmms',
      'chan',
      'rfch',
      'freq',
      'stat',
      'modu',
      'datr',
      'codr',
      'rssi',
      'lsnr',
      'size',
      'data',
      'rsig',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 3 }), (field, value) => {
        const { frames, refused } = push({ ...good, [field]: value }, value);
        expect(frames.length + refused.length).toBe(2);
        for (const { phy } of frames) expect(phy.length).toBeLessThan(256);
        txFrameOf({ ...samples.pullResp.json.txpk, [field]: value }, { gateway, id: 0 });
        statOf(value);
      }),
    );
  });
});
