// Rejoin requests of LoRaWAN 1.1 §6.2.4: a device that has a session asks for a new one. Our network takes none, but it
// must know one when it hears it, and a bench must be able to send one.
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { AesKey } from './aes.js';
import { cmac32 } from './cmac.js';
import type { Eui } from './ids.js';
import { euiAt, mustFit, putEui, put16, put24, put32, u16At, u24At, u32At } from './wire.js';

/** What every rejoin request says. */
interface Rejoin {
  readonly devEui: Eui;
  /**
   * RJcount0 (types 0 and 2) or RJcount1 (type 1), 16 bits. In the accept that answers, and in the keys that follow from
   * it, this counter stands where the DevNonce of a join stands.
   */
  readonly rjCount: number;
}

/** What a rejoin request is made of: types 0 and 2 go to the network of a session, type 1 to any network. */
export type RejoinFields =
  /** 0: all of the radio's parameters may change; 2: only the keys. Signed with the SNwkSIntKey. */
  | (Rejoin & { readonly rejoinType: 0 | 2; readonly netId: number })
  /** Sent now and then, so that a lost device is found again. Signed with the JSIntKey. */
  | (Rejoin & { readonly rejoinType: 1; readonly joinEui: Eui });

/** A rejoin request, read but not yet trusted. */
export type RejoinRequest = RejoinFields & {
  readonly kind: 'rejoin-request';
  readonly mic: number;
  readonly phy: Uint8Array;
};

/** Reads a PHYPayload whose MHDR says that it is a rejoin request; `parseFrame` calls it. */
export const parseRejoin = (phy: Uint8Array): Result<RejoinRequest> => {
  const have = phy.length;
  const type = phy[1] ?? 0;
  if (type > 2) return fail('bad-field', { field: 'the rejoin type', value: type });
  const need = type === 1 ? 24 : 19;
  if (have !== need) return fail('frame-bad-length', { type: 'rejoin-request', need, have });
  const end = { kind: 'rejoin-request', rjCount: u16At(phy, need - 6), mic: u32At(phy, need - 4), phy } as const;
  return ok(
    type === 1
      ? { rejoinType: 1, joinEui: euiAt(phy, 2), devEui: euiAt(phy, 10), ...end }
      : { rejoinType: type as 0 | 2, netId: u24At(phy, 2), devEui: euiAt(phy, 5), ...end },
  );
};

/**
 * A rejoin request, signed: with the SNwkSIntKey for types 0 and 2, with the JSIntKey for type 1. Throws a RangeError for
 * a counter of more than 16 bits or a NetID of more than 24: a counter that wraps would be a replay.
 */
export const sealRejoin = (rejoin: RejoinFields, key: AesKey): Uint8Array => {
  mustFit('a rejoin counter', rejoin.rjCount, 16);
  const length = rejoin.rejoinType === 1 ? 20 : 15;
  const phy = new Uint8Array(length + 4);
  phy[0] = 0xc0;
  phy[1] = rejoin.rejoinType;
  if (rejoin.rejoinType === 1) putEui(phy, 2, rejoin.joinEui);
  else {
    mustFit('a NetID', rejoin.netId, 24);
    put24(phy, 2, rejoin.netId);
  }
  putEui(phy, length - 10, rejoin.devEui);
  put16(phy, length - 2, rejoin.rjCount);
  put32(phy, length, cmac32(key, phy, { length }));
  return phy;
};

/** Whether the MIC is right: the key is the SNwkSIntKey for types 0 and 2, the JSIntKey for type 1. */
export const rejoinMicOk = ({ phy, mic }: RejoinRequest, key: AesKey): boolean =>
  cmac32(key, phy, { length: phy.length - 4 }) === mic;
