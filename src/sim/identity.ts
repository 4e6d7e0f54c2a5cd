import { sha256Bytes } from '../base/digest.js';
import { toHex } from '../base/hex.js';
import { simulatedKey } from '../lorawan/keys.js';
import type { DevAddr, Eui } from '../lorawan/ids.js';

/** Who a simulated sensor is: follows from the seed and its bay's name alone. */
export interface Identity {
  readonly devEui: Eui;
  readonly joinEui: Eui;
  readonly appKey: Uint8Array;
  /** For runs in which nobody answers a join. */
  readonly abp: { readonly devAddr: DevAddr; readonly nwkSKey: Uint8Array; readonly appSKey: Uint8Array };
}

/** The JoinEUI of all our sensors: locally administered (second bit of the first byte), "STWK" in ASCII. */
export const simulatedJoinEui: Eui = '025354574b000001';

/**
 * The identity of the sensor in a bay. EUIs are locally administered, and the keys are recognisable as simulated
 * (`isSimulatedKey`), so that no gateway takes them for real by accident.
 */
export const identity = (seed: string, bay: string): Identity => {
  const eui = sha256Bytes(`deveui ${seed} ${bay}`, 7);
  return {
    devEui: `02${toHex(eui)}`,
    joinEui: simulatedJoinEui,
    appKey: simulatedKey(seed, `appkey:${bay}`),
    abp: abpOf(seed, bay),
  };
};

/** The part of an identity that is used where nobody answers a join. */
export const abpOf = (seed: string, bay: string): Identity['abp'] => {
  const addr = sha256Bytes(`abp devaddr ${seed} ${bay}`, 4);
  return {
    // NetID 000000: the first seven bits are zero, for experiments and private networks.
    devAddr: (((addr[0]! & 1) << 24) | (addr[1]! << 16) | (addr[2]! << 8) | addr[3]!) >>> 0,
    nwkSKey: simulatedKey(seed, `nwkskey:${bay}`),
    appSKey: simulatedKey(seed, `appskey:${bay}`),
  };
};
