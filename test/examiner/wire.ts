// LoRaWAN 1.0 as it is on the wire, written a second time from the standard alone: nothing of ours is used here, so that
// both ends can be examined by somebody who did not build them. AES is OpenSSL's.
import { createCipheriv, createDecipheriv } from 'node:crypto';

export type Bytes = Uint8Array;

const ecb = (key: Bytes, data: Bytes): Bytes => {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};
const unEcb = (key: Bytes, data: Bytes): Bytes => {
  const cipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};

const doubled = (block: Bytes): Bytes => {
  const n = (BigInt(`0x${Buffer.from(block).toString('hex')}`) << 1n) & ((1n << 128n) - 1n);
  const carry = block[0]! & 0x80 ? 0x87n : 0n;
  return Buffer.from((n ^ carry).toString(16).padStart(32, '0'), 'hex');
};
const xor = (a: Bytes, b: Bytes): Bytes => a.map((byte, i) => byte ^ (b[i] ?? 0));

/** RFC 4493. */
export const cmac = (key: Bytes, message: Bytes): Bytes => {
  const k1 = doubled(ecb(key, new Uint8Array(16)));
  const blocks = Math.max(1, Math.ceil(message.length / 16));
  const whole = message.length > 0 && message.length % 16 === 0;
  const last = new Uint8Array(16);
  last.set(message.subarray(16 * (blocks - 1)));
  if (!whole) last[message.length % 16] = 0x80;
  let x: Bytes = new Uint8Array(16);
  for (let i = 0; i < blocks - 1; i++) x = ecb(key, xor(message.slice(16 * i, 16 * i + 16), x));
  return ecb(key, xor(xor(last, whole ? k1 : doubled(k1)), x));
};

const le = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
export const number = (bytes: Bytes, at: number, count: number): number => {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
};

export interface Keys {
  readonly nwk: Bytes;
  readonly app: Bytes;
}

const block = (first: number, up: boolean, of: { readonly devAddr: number; readonly fCnt: number }, last: number) =>
  Uint8Array.from([first, 0, 0, 0, 0, up ? 0 : 1, ...le(of.devAddr, 4), ...le(of.fCnt, 4), 0, last]);

const crypted = (key: Bytes, data: Bytes, of: { up: boolean; devAddr: number; fCnt: number }): Bytes =>
  data.map((byte, i) => byte ^ ecb(key, block(1, of.up, of, Math.floor(i / 16) + 1))[i % 16]!);

const micOf = (key: Bytes, message: Bytes, of: { up: boolean; devAddr: number; fCnt: number }): Bytes =>
  cmac(key, Buffer.concat([block(0x49, of.up, of, message.length), message])).subarray(0, 4);

/** A data frame in clear. */
export interface Data {
  readonly up: boolean;
  readonly confirmed: boolean;
  readonly devAddr: number;
  readonly adr: boolean;
  readonly adrAckReq: boolean;
  readonly ack: boolean;
  readonly fPending: boolean;
  readonly fCnt: number;
  readonly fOpts: Bytes;
  readonly fPort: number | undefined;
  readonly payload: Bytes;
}

export const seal = (f: Data, keys: Keys): Bytes => {
  const mType = f.up ? (f.confirmed ? 4 : 2) : f.confirmed ? 5 : 3;
  const bit4 = !f.up && f.fPending;
  const fCtrl = (+f.adr << 7) | (+(f.up && f.adrAckReq) << 6) | (+f.ack << 5) | (+bit4 << 4) | f.fOpts.length;
  const head = [mType << 5, ...le(f.devAddr, 4), fCtrl, ...le(f.fCnt % 65_536, 2), ...f.fOpts];
  const body = crypted(f.fPort === 0 ? keys.nwk : keys.app, f.payload, f);
  const message = Uint8Array.from(f.fPort === undefined ? head : [...head, f.fPort, ...body]);
  return Buffer.concat([message, micOf(keys.nwk, message, f)]);
};

/** Opens a frame under the counter that is next, or the one before it; undefined when the MIC fits neither. */
export const open = (phy: Bytes, keys: Keys, next: number): Data | undefined => {
  const mType = phy[0]! >> 5;
  if (mType < 2 || mType > 5 || (phy[0]! & 0x1f) !== 0) return undefined;
  const up = mType % 2 === 0;
  const devAddr = number(phy, 1, 4);
  const low = number(phy, 6, 2);
  const message = phy.subarray(0, phy.length - 4);
  const turn = Math.floor(next / 65_536) * 65_536;
  const fCnt = [turn + low, turn + 65_536 + low, turn - 65_536 + low].find(
    (one) => one >= 0 && Buffer.compare(micOf(keys.nwk, message, { up, devAddr, fCnt: one }), phy.slice(-4)) === 0,
  );
  if (fCnt === undefined) return undefined;
  const options = phy[5]! & 15;
  const rest = message.subarray(8 + options);
  const fPort = rest.length > 0 ? rest[0] : undefined;
  const bit = (n: number): boolean => ((phy[5]! >> n) & 1) === 1;
  return {
    ...{ up, devAddr, fCnt, fPort, confirmed: mType >= 4, adr: bit(7), adrAckReq: up && bit(6), ack: bit(5) },
    fPending: !up && bit(4),
    fOpts: message.subarray(8, 8 + options),
    payload: crypted(fPort === 0 ? keys.nwk : keys.app, rest.slice(1), { up, devAddr, fCnt }),
  };
};

const eui = (text: string): number[] => [...Buffer.from(text, 'hex')].reverse();

export const joinRequest = (join: { joinEui: string; devEui: string; devNonce: number; appKey: Bytes }): Bytes => {
  const message = Uint8Array.from([0, ...eui(join.joinEui), ...eui(join.devEui), ...le(join.devNonce, 2)]);
  return Buffer.concat([message, cmac(join.appKey, message).subarray(0, 4)]);
};

export interface Accept {
  readonly joinNonce: number;
  readonly netId: number;
  readonly devAddr: number;
  readonly rx1DrOffset: number;
  readonly rx2Dr: number;
  readonly delayS: number;
  /** CFList of type 0, zeros included. */
  readonly channels: readonly number[];
}

export const acceptOf = (phy: Bytes, appKey: Bytes): Accept | undefined => {
  if (phy[0] !== 0x20) return undefined;
  const clear = ecb(appKey, phy.subarray(1));
  const message = Buffer.concat([phy.subarray(0, 1), clear.subarray(0, clear.length - 4)]);
  if (Buffer.compare(cmac(appKey, message).subarray(0, 4), clear.slice(-4)) !== 0) return undefined;
  const list = clear.length > 16 && clear[27] === 0 ? [12, 15, 18, 21, 24] : [];
  return {
    ...{ joinNonce: number(clear, 0, 3), netId: number(clear, 3, 3), devAddr: number(clear, 6, 4) },
    ...{ rx1DrOffset: (clear[10]! >> 4) & 7, rx2Dr: clear[10]! & 15, delayS: Math.max(1, clear[11]! & 15) },
    channels: list.map((at) => number(clear, at, 3) * 100),
  };
};

export const sealAccept = (a: Accept, appKey: Bytes): Bytes => {
  const list = a.channels.length > 0 ? [...a.channels.flatMap((hz) => le(hz / 100, 3)), 0] : [];
  const settings = [(a.rx1DrOffset << 4) | a.rx2Dr, a.delayS];
  const head = [0x20, ...le(a.joinNonce, 3), ...le(a.netId, 3), ...le(a.devAddr, 4), ...settings, ...list];
  const message = Uint8Array.from(head);
  const mic = cmac(appKey, message).subarray(0, 4);
  return Buffer.concat([message.subarray(0, 1), unEcb(appKey, Buffer.concat([message.subarray(1), mic]))]);
};

export const sessionOf = (of: { appKey: Bytes; joinNonce: number; netId: number; devNonce: number }): Keys => {
  const key = (first: number): Bytes =>
    ecb(
      of.appKey,
      Uint8Array.from([first, ...le(of.joinNonce, 3), ...le(of.netId, 3), ...le(of.devNonce, 2), ...le(0, 7)]),
    );
  return { nwk: key(1), app: key(2) };
};

// Bytes behind the CID (LoRaWAN 1.0.4, table 14).
const lengthsDown: Readonly<Record<number, number>> = { 2: 2, 3: 4, 4: 1, 5: 4, 6: 0, 7: 5, 8: 1, 9: 1, 10: 4, 13: 5 };
const lengthsUp: Readonly<Record<number, number>> = { 2: 0, 3: 1, 4: 0, 5: 1, 6: 2, 7: 1, 8: 0, 9: 0, 10: 1, 13: 0 };

/** MAC commands, each with its CID; throws when they cannot be read to the end. */
export const commandsIn = (bytes: Bytes, up: boolean): readonly Bytes[] => {
  const lengths = up ? lengthsUp : lengthsDown;
  const list: Bytes[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = lengths[bytes[at]!];
    if (length === undefined || at + 1 + length > bytes.length)
      throw new RangeError('MAC commands that nobody can read');
    list.push(bytes.slice(at, at + 1 + length));
    at += 1 + length;
  }
  return list;
};

/** The commands of a frame, in FOpts or on port 0. */
export const commandsOf = (frame: Data): readonly Bytes[] =>
  commandsIn(frame.fPort === 0 ? frame.payload : frame.fOpts, frame.up);

/** EU868, channels of 125 kHz: SF12 is data rate 0. */
export const sfOf = (dr: number): number => 12 - dr;
/** Largest payload at a data rate, FOpts included (RP002, no repeater). */
export const most = [51, 51, 51, 115, 242, 242] as const;
