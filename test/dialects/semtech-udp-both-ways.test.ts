import fc from 'fast-check';
import { expect, test, describe } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import {
  admit,
  charge,
  parseDatagram,
  parseHead,
  peers,
  rxFramesOf,
  rxpkOf,
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

  test('many frames in one datagram cost as much as in several: what is owed is waited for', () => {
    const state = peers(limits);
    ask(state, 'a', 'x', 0);
    charge(state, 'a', 8);
    ask(state, 'a', 'x', 0);
    charge(state, 'a', 17);
    // Of three at once two have come, and the second was worth three: one is owed.
    expect([0, 0.5, 0.9, 1].map((second) => ask(state, 'a', 'x', second))).toEqual([
      ...['too-fast', 'too-fast', 'too-fast', 'ok'],
    ]);
    charge(state, 'nobody', 255);
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
