// All that strangers, broken machines and bad radio can say to a gateway, by what it has to be counted as.
import { toBase64 } from '../../src/base/base64.js';
import { writeDatagram } from '../../src/dialects/radio/semtech-udp/index.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { sealJoinRequest } from '../../src/lorawan/join.js';
import { rest, type StormDevice } from './storm-street.js';

/** Something bad: what it is counted as, and its bytes. `n` makes each one another one. */
export type Bad = readonly [why: string, make: (n: number) => Uint8Array];

const text = (what: string): Uint8Array => new TextEncoder().encode(what);

/** A PUSH_DATA of this gateway with whatever text. */
export const pushText = (gateway: string, what: Uint8Array | string): Uint8Array => {
  const head = writeDatagram({ type: 'push-data', version: 2, token: 0x0bad, gateway, rxpk: [] }).subarray(0, 12);
  return Buffer.concat([head, typeof what === 'string' ? text(what) : what]);
};

export const rxpk = (
  phy: Uint8Array,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  ...{ tmst: 1_000_000, freq: 868.1, stat: 1, modu: 'LORA', datr: 'SF7BW125', codr: '4/5', lsnr: 7, rssi: -90 },
  ...{ size: phy.length, data: toBase64(phy) },
  ...more,
});

/** A PUSH_DATA with these frames. */
export const pushFrames = (gateway: string, list: readonly unknown[], token = 0): Uint8Array =>
  writeDatagram({ type: 'push-data', version: 2, token, gateway, rxpk: list });

/** Datagrams that are none, or that hold no frame. Those of the first list come before anybody knows who speaks. */
export const badDatagrams = (gateway: string): readonly Bad[] => [
  ['datagram-short', () => new Uint8Array(0)],
  ['datagram-short', () => Uint8Array.of(2, 0, 0)],
  ['datagram-short', () => pushText(gateway, '').subarray(0, 8)],
  ['datagram-version', () => Uint8Array.of(3, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)],
  ['datagram-type', () => Uint8Array.of(2, 0, 0, 9, 1, 1, 1, 1, 1, 1, 1, 1)],
  ['wrong-direction', () => writeDatagram({ type: 'pull-ack', version: 2, token: 7 })],
  ['not-allowed', (n) => pushText(`00000000${(0xbad0_0000 + n).toString(16)}`, '{}')],
  ['datagram-json', () => pushText(gateway, '{"rxpk":[{"data"')],
  ['datagram-json', () => pushText(gateway, Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d))],
  ['datagram-json', () => pushText(gateway, '['.repeat(30_000))],
  ['datagram-shape', () => pushText(gateway, '[]')],
  ['datagram-shape', () => pushText(gateway, '{"rxpk":{"data":1}}')],
  ['datagram-shape', () => pushText(gateway, JSON.stringify({ rxpk: new Array(300).fill(0) }))],
  ['bad-rxpk', () => pushFrames(gateway, ['frame'])],
  ['bad-rxpk', () => pushFrames(gateway, [rxpk(Uint8Array.of(1), { freq: '868.1' })])],
  ['bad-rxpk', () => pushFrames(gateway, [rxpk(Uint8Array.of(1), { datr: { sf: 7 } })])],
  ['bad-rxpk', () => pushFrames(gateway, [rxpk(new Uint8Array(300))])],
  ['bad-rxpk', () => pushFrames(gateway, [rxpk(Uint8Array.of(1), { size: 40 })])],
  ['bad-rxpk', () => pushFrames(gateway, [rxpk(Uint8Array.of(1), { rssi: 1e300, __proto__: null })])],
  ['bad-stat', () => pushText(gateway, '{"stat":{"rxnb":-1}}')],
  [
    'tx-ack-stray',
    (n) => writeDatagram({ type: 'tx-ack', version: 2, token: n & 0xffff, gateway, ack: { error: 'none' } as never }),
  ],
];

/** As much as a UDP datagram carries: its text is no JSON. */
export const hugeDatagram = (gateway: string): Uint8Array => pushText(gateway, `{"rxpk":"${'x'.repeat(65_400)}`);

const other = aesKey(new Uint8Array(16).fill(0xbb));

/** An uplink that names a device and is signed with somebody else's key. */
export const forged = (devAddr: number, n: number): Uint8Array =>
  sealData({
    ...{ uplink: true, confirmed: true, devAddr, fCnt: n & 0xffff, fPort: 1, nwkSKey: other, appSKey: other },
    payload: Uint8Array.of(n >> 16, n >> 8, n),
  });

/** Bytes with a number in them, so that none is a copy of another. */
const numbered = (first: number, length: number, n: number): Uint8Array => {
  const bytes = new Uint8Array(length).fill(0x11);
  bytes.set([first, n, n >> 8, n >> 16]);
  return bytes;
};

/** Frames that are none, or are nobody's, or are of a device that is not what it says. */
export const badFrames = (devices: { readonly silent: StormDevice; readonly joiner: StormDevice }): readonly Bad[] => [
  ['frame-too-short', (n) => numbered(0x40, 7, n)],
  ['frame-bad-length', (n) => numbered(0x00, 22, n)],
  ['crc-bad', (n) => forged(rest(devices.silent).devAddr, n)],
  ['unsupported-major', (n) => numbered(0x41, 20, n)],
  ['unsupported-type', (n) => numbered(0xe0, 20, n)],
  ['unsupported-type', (n) => numbered(0x60, 20, n)],
  // FOpts beside port 0 (LoRaWAN 1.0.4 §4.3.1.6).
  ['not-lorawan', (n) => Uint8Array.of(0x40, n, n >> 8, n >> 16, 1, 0x01, 0, 0, 2, 0, 1, 2, 3, 4)],
  ['unknown-dev-addr', (n) => forged(0x0500_0000 + n, n)],
  // As far ahead as no frame of its session may be.
  [
    'counter-jump',
    (n) =>
      sealData({
        ...rest(devices.silent),
        fCnt: 0x4000 + 100 + (n % 20_000),
        fPort: 1,
        payload: Uint8Array.of(n, n >> 8),
      }),
  ],
  ['unknown-device', (n) => join(`ffff0000${(0x1000_0000 + n).toString(16)}`, n)],
  ['mic-mismatch', (n) => join(devices.joiner.devEui, n)],
];

/** A join request under a key that is good, and not that of any device here. */
const join = (devEui: string, n: number): Uint8Array =>
  sealJoinRequest({ joinEui: '00000000000000ee', devEui, devNonce: n & 0xffff, appKey: other });

/** Commands that are none, by what the refusal is called. */
export const badCommands: readonly (readonly [why: string, text: (n: number) => string])[] = [
  ['command-too-long', (n) => JSON.stringify({ fPort: 1, hex: '00', id: `${n}${'x'.repeat(20_000)}` })],
  ['command-too-long', () => 'x'.repeat(1 << 17)],
  ['command-no-json', (n) => `{"fPort":1,${n}`],
  ['command-field', () => '[]'],
  ['command-field', (n) => JSON.stringify({ fPort: 300 + n, hex: '00' })],
  ['command-field', (n) => JSON.stringify({ fPort: 1, data: n })],
  ['command-unknown-field', (n) => JSON.stringify({ fPort: 1, hex: '00', [`_${n}`]: n })],
  ['command-content', () => JSON.stringify({ fPort: 1 })],
  ['command-field', () => `{"message":${'['.repeat(4_000)}${']'.repeat(4_000)}}`],
];
