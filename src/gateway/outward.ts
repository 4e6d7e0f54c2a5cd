// What of an event or a lot may leave.
import { createHmac } from 'node:crypto';
import type { Pseudonym } from '../base/pseudonym.js';
import { parseEui } from '../lorawan/ids.js';
import type { LotState } from '../parking/lot.js';
import type { ParkingEvent } from '../parking/event.js';

export interface OutwardSetup {
  /** DevEUIs: left out, under a pseudonym, or as they are. */
  readonly devEui: 'off' | 'hmac' | 'plain';
  readonly pseudonym?: Pseudonym;
  /** Names a bay that nobody named: its DevEUI would be its name. */
  readonly secret: Uint8Array;
  /** Bays of one person each: nothing about them leaves but as part of a lot. */
  readonly singleUser: ReadonlySet<string>;
}

/** What leaves. */
export interface Outward {
  event(event: ParkingEvent): ParkingEvent | undefined;
  lot(lot: LotState): LotState;
}

const unnamed = /^([0-9a-f]{16})(-\d)?$/;

/** What may leave, by the rules of the configuration. */
export const outward = ({ devEui, pseudonym, secret, singleUser }: OutwardSetup): Outward => {
  const bays = new Map<string, string>();
  const bayOf = (bay: string): string => {
    const [, eui, head = ''] = unnamed.exec(bay) ?? [];
    if (devEui === 'plain' || eui === undefined || !parseEui(eui).ok) return bay;
    const known = bays.get(bay);
    if (known !== undefined) return known;
    const name = `bay-${createHmac('sha256', secret).update(`bay ${eui}`).digest('hex').slice(0, 12)}${head}`;
    bays.set(bay, name);
    return name;
  };
  return {
    event(event) {
      if (singleUser.has(event.bay)) return undefined;
      const bay = bayOf(event.bay);
      if (devEui === 'plain' && bay === event.bay) return event;
      const { device, ...rest } = event;
      return {
        ...rest,
        bay,
        ...(devEui === 'hmac' && device !== undefined && pseudonym && { device: pseudonym(device) }),
      };
    },
    lot: (lot) => lot,
  };
};
