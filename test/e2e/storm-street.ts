// The street that a storm passes over: four sensors that speak in every turn, one that joins in the middle of it, one that
// is silent, one that has gone mad and joins for ever, and one whose messages nobody can read.
import bosch from '../../devices/sensors/bosch-tps110.js';
import { aesKey, type AesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { openJoinAccept, sealJoinRequest } from '../../src/lorawan/join.js';
import { sessionKeys10 } from '../../src/lorawan/keys.js';
import type { Device } from '../../src/network/device.js';

export interface StormDevice extends Device {
  readonly n: number;
}

const keyBytes = (n: number): Uint8Array => new Uint8Array(16).fill(n);
const facts = (n: number, name: string) => ({
  ...{ n, devEui: `02000000000000a${n}`, name, bay: name, lot: 'graben', lorawan: '1.0.3' as const },
  ...{ model: bosch, options: {} },
});
const abp = (n: number, name: string): StormDevice => ({
  ...facts(n, name),
  activation: { kind: 'abp', devAddr: 0x2601_1f80 + n, nwkSKey: keyBytes(n), appSKey: keyBytes(n) },
});
const otaa = (n: number, name: string, joinEui?: string): StormDevice => ({
  ...facts(n, name),
  activation: { kind: 'otaa', appKey: aesKey(keyBytes(n)), ...(joinEui !== undefined && { joinEui }) },
});

export const talkers = [1, 2, 3, 4].map((n) => abp(n, `og-0${n}`));
export const silent = abp(5, 'og-05');
export const joiner = otaa(6, 'og-06');
export const mad = otaa(7, 'og-07', '00000000000000ee');
export const odd = abp(8, 'og-08');
export const street: readonly StormDevice[] = [...talkers, silent, joiner, mad, odd];

/** What of a frame follows from its device, for those that were personalised. */
export const rest = ({ n, activation }: StormDevice) => {
  if (activation.kind !== 'abp') throw new Error('it has no session of its own');
  const key = aesKey(keyBytes(n));
  return { uplink: true, confirmed: true, devAddr: activation.devAddr, nwkSKey: key, appSKey: key } as const;
};

/** A confirmed frame that says in turn that a car came and that it left. */
export const spoken = (device: StormDevice, fCnt: number): Uint8Array =>
  sealData({ ...rest(device), fCnt, fPort: 1, payload: Uint8Array.of(1 - (fCnt & 1)) });

/** A join request; whoever repeats a nonce may name another JoinEUI each time, so that none is a copy. */
export const joinRequest = ({ n, devEui }: StormDevice, devNonce: number, joinEui = '00000000000000ee'): Uint8Array =>
  sealJoinRequest({ joinEui, devEui, devNonce, appKey: aesKey(keyBytes(n)) });

/** The session that an accept opens; undefined for what is no accept of this device. */
export const sessionOf = (
  { n }: StormDevice,
  accept: Uint8Array,
  devNonce: number,
): { readonly devAddr: number; readonly nwkSKey: AesKey; readonly appSKey: AesKey } | undefined => {
  const appKey = aesKey(keyBytes(n));
  const read = openJoinAccept(accept, appKey);
  if (!read.ok) return undefined;
  const { devAddr, joinNonce, netId } = read.value;
  const keys = sessionKeys10({ appKey, joinNonce, netId, devNonce });
  return { devAddr, nwkSKey: aesKey(keys.nwkSKey), appSKey: aesKey(keys.appSKey) };
};
