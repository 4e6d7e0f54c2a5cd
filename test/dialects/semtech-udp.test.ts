import fc from 'fast-check';
import { expect, test, describe } from 'vitest';
import { dice, whole } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { usFromIso } from '../../src/base/time.js';
import {
  admit,
  parseDatagram,
  parseHead,
  peers,
  rxFramesOf,
  rxpkOf,
  statJson,
  statOf,
  txAckOf,
  txFrameOf,
  txpkOf,
  verdictOf,
  writeDatagram,
  type Datagram,
  type TxAck,
} from '../../src/dialects/radio/semtech-udp/index.js';
import type { DataRate, RxFrame, TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
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

const dataRate: fc.Arbitrary<DataRate> = fc.oneof(
  fc.record({
    kind: fc.constant('lora' as const),
    sf: fc.integer({ min: 5, max: 12 }),
    bwHz: fc.constantFrom(125_000, 250_000, 500_000, 203_125),
  }),
  fc.record({ kind: fc.constant('fsk' as const), bitRate: fc.integer({ min: 1, max: 500_000 }) }),
  fc.record({ kind: fc.constant('lr-fhss' as const), text: fc.constantFrom('M0CW137', 'M1CW336') }),
);
const phy = fc.uint8Array({ maxLength: 255 });
const freqHz = fc.integer({ min: 100_000_000, max: 2_500_000_000 });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const byte = fc.integer({ min: 0, max: 255 });
const rxFrame: fc.Arbitrary<RxFrame> = fc.record(
  {
    phy,
    atUs: fc.constant(1000),
    gateway: fc.constant(gateway),
    tmst: u32,
    gatewayTimeUs: fc.integer({ min: 1_500_000_000_000_000, max: 4_000_000_000_000_000 }),
    freqHz,
    dataRate,
    codingRate: fc.constantFrom('4/5', '4/8', '2/6'),
    rssiDbm: fc.integer({ min: -150, max: 10 }),
    snrDb: fc.integer({ min: -300, max: 150 }).map((tenths) => tenths / 10),
    crc: fc.constantFrom('ok', 'bad', 'none'),
    channel: byte,
    rfChain: byte,
  },
  { requiredKeys: ['phy', 'atUs', 'gateway', 'freqHz', 'dataRate', 'rssiDbm', 'crc'] },
);
const txFrame: fc.Arbitrary<TxFrame> = fc.record({
  phy,
  gateway: fc.constant(gateway),
  when: fc.oneof(
    fc.record({ kind: fc.constant('tmst' as const), tmst: u32 }),
    fc.constant({ kind: 'now' as const }),
    fc.record({ kind: fc.constant('gps' as const), gpsMs: fc.integer({ min: 0, max: 2e12 }) }),
  ),
  freqHz,
  dataRate,
  codingRate: fc.constantFrom('4/5', '4/6'),
  powerDbm: fc.integer({ min: 0, max: 27 }),
  invertPolarity: fc.boolean(),
  rfChain: byte,
  id: fc.integer({ min: 0, max: 0xffff }),
});
const verdicts: readonly TxVerdict[] = [
  ...(['ok', 'too-late', 'too-early', 'collision-packet', 'collision-beacon'] as const),
  ...(['tx-freq', 'tx-power', 'gps-unlocked', 'unknown'] as const),
];

describe('round trips', () => {
  test('a hearing through rxpk, JSON and bytes', () => {
    fc.assert(
      fc.property(fc.array(rxFrame, { maxLength: 8 }), u32, (heard, token) => {
        const sent: Datagram = {
          type: 'push-data',
          version: 2,
          token: token & 0xffff,
          gateway,
          rxpk: heard.map(rxpkOf),
        };
        const came = must(parseDatagram(writeDatagram(sent)));
        if (came.type !== 'push-data') throw new Error(came.type);
        expect(came.token).toBe(sent.token);
        expect(rxFramesOf(came, 1000)).toEqual({ frames: heard, refused: [] });
      }),
    );
  });

  test('a transmission through txpk, JSON and bytes, in less than the 1000 bytes that a forwarder reads', () => {
    fc.assert(
      fc.property(txFrame, (tx) => {
        const bytes = writeDatagram({ type: 'pull-resp', version: 2, token: tx.id, txpk: { ...txpkOf(tx) } });
        expect(bytes.length).toBeLessThan(1000);
        const came = must(parseDatagram(bytes));
        if (came.type !== 'pull-resp') throw new Error(came.type);
        const codingRate = tx.dataRate.kind === 'fsk' ? '' : tx.codingRate;
        expect(must(txFrameOf(came.txpk, { gateway, id: came.token }))).toEqual({ ...tx, codingRate });
      }),
    );
  });

  test.each(verdicts)('verdict %s', (verdict) => expect(verdictOf(txAckOf(verdict))).toBe(verdict));

  test('TX_ACK in all its forms', () => {
    const read = (text: string): TxAck => {
      const datagram = must(parseDatagram(Uint8Array.of(...hex('024d3c050016c001f153a19e'), ...json(text))));
      return datagram.type === 'tx-ack' ? datagram.ack : { error: 'wrong type' };
    };
    for (const accepted of [
      '',
      '\0',
      '{}',
      '{"txpk_ack":{}}',
      '{"txpk_ack":{"error":""}}',
      '{"txpk_ack":{"error":"NONE"}}',
    ])
      expect(read(accepted)).toEqual({});
    expect(verdictOf(read('{"txpk_ack":{"error":"TOO_LATE"}}'))).toBe('too-late');
    expect(verdictOf(read('{"txpk_ack":{"error":"COFFEE"}}'))).toBe('unknown');
    expect(verdictOf(read('{"txpk_ack":{"error":"OK"}}'))).toBe('unknown');
    const warned = read('{"txpk_ack":{"warn":"TX_POWER","value":20}}');
    expect(warned).toEqual({ warn: 'TX_POWER', value: 20 });
    expect(verdictOf(warned)).toBe('ok');
    expect(txAckOf('no-answer')).toEqual({ error: 'UNKNOWN' });
  });

  test('version 1 in every type', () => {
    for (const name of ['pushData', 'pushAck', 'pullData', 'pullAck', 'pullResp', 'txAckOk'] as const) {
      const bytes = hex(samples[name].hex);
      bytes[0] = 1;
      expect(must(parseHead(bytes)).version).toBe(1);
      expect(writeDatagram(must(parseDatagram(bytes)))).toEqual(bytes);
    }
  });
});

describe('what other servers demand', () => {
  const rx: RxFrame = {
    phy: hex('40f17dbe4900020001954378762b11ff0d'),
    atUs: 0,
    gateway,
    tmst: 3_512_348_611.0,
    gatewayTimeUs: 1_700_000_000_123_456,
    freqHz: 868_100_000,
    dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
    codingRate: '4/5',
    rssiDbm: -97.4,
    snrDb: -3.149,
    crc: 'ok',
    channel: 2,
    rfChain: 1,
  };

  test('fields in the order of the reference forwarder, rounded as it rounds', () => {
    expect(JSON.stringify(rxpkOf(rx))).toBe(
      '{"jver":1,"tmst":3512348611,"time":"2023-11-14T22:13:20.123456Z","tmms":1384035218123,"chan":2,"rfch":1,' +
        '"freq":868.1,"stat":1,"modu":"LORA","datr":"SF7BW125","codr":"4/5","lsnr":-3.1,"rssi":-97,"size":17,' +
        '"data":"QPF9vkkAAgABlUN4disR/w0="}',
    );
  });

  // chirpstack-gateway-bridge decodes into fixed Go types: a fraction in an integer or a missing `=` loses the datagram.
  test('padded base64 and whole numbers where ChirpStack decodes into Go integers', () => {
    fc.assert(
      fc.property(rxFrame, fc.double({ min: -0.49, max: 0.49, noNaN: true }), (frame, noise) => {
        const {
          tmst = 0,
          chan = 0,
          rfch = 0,
          stat,
          rssi,
          size,
          data,
          freq,
          lsnr = 0,
        } = rxpkOf({ ...frame, rssiDbm: frame.rssiDbm + noise });
        for (const whole of [tmst, chan, rfch, stat, rssi, size]) expect(Number.isInteger(whole)).toBe(true);
        expect(data).toMatch(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
        expect(JSON.stringify(freq)).toMatch(/^\d+(\.\d{1,6})?$/);
        expect(JSON.stringify(lsnr)).toMatch(/^-?\d+(\.\d)?$/);
      }),
    );
  });

  test.each(['freq', 'rfch', 'modu', 'datr', 'codr', 'size', 'data', 'tmst'])(
    'a txpk without %s is a typed problem',
    (field) => {
      const read = txFrameOf({ ...samples.pullResp.json.txpk, [field]: undefined }, { gateway, id: 1 });
      expect(read).toMatchObject({ ok: false, problem: { code: 'bad-txpk', facts: { field } } });
    },
  );

  test('without powe the reference forwarder asks for 0 dBm, without ipol the signal is not inverted', () => {
    const { powe: _powe, ipol: _ipol, ...txpk } = samples.pullResp.json.txpk;
    expect(must(txFrameOf(txpk, { gateway, id: 1 }))).toMatchObject({ powerDbm: 0, invertPolarity: false });
  });
});

describe('who may speak, and how fast', () => {
  const limits = { datagramsPerSecond: 2, burst: 3, holdUs: 60_000_000, most: 2 };
  const ask = (state: ReturnType<typeof peers>, eui: string, address: string, seconds: number): string =>
    admit(state, { gateway: eui, address, nowUs: seconds * 1e6 });

  test('a burst, then the pace', () => {
    const state = peers(limits);
    expect([0, 0, 0, 0, 0.5, 0.5, 100, 100, 100, 100].map((second) => ask(state, 'a', 'x', second))).toEqual([
      ...['ok', 'ok', 'ok', 'too-fast', 'ok', 'too-fast', 'ok', 'ok', 'ok', 'too-fast'],
    ]);
  });

  test('an EUI keeps its address while it is live', () => {
    const state = peers(limits);
    expect(ask(state, 'a', 'x', 0)).toBe('ok');
    expect(ask(state, 'a', 'y', 59)).toBe('address-changed');
    expect(ask(state, 'a', 'y', 60)).toBe('ok');
    expect(ask(state, 'a', 'x', 61)).toBe('address-changed');
  });

  test('the table does not grow: a full one takes a newcomer in the place of one that is silent', () => {
    const state = peers(limits);
    ask(state, 'a', 'x', 0);
    ask(state, 'b', 'x', 10);
    ask(state, 'a', 'x', 20);
    expect(ask(state, 'c', 'x', 69)).toBe('too-many-gateways');
    expect(ask(state, 'c', 'x', 70)).toBe('ok');
    expect([...state.known.keys()]).toEqual(['a', 'c']);
  });
});
