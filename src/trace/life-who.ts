import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import { whoOf, type Fact, type Who } from './life-facts.js';
import type { Sorted } from './life-sorted.js';
import { only } from './life-verdict.js';

/** Who a frame belongs to, as far as is known. */
export type Known = { readonly devEui?: Eui; readonly devAddr?: string; readonly bay?: string };
/** Fills in what other records say of the same device. */
export type Whose = (who: Known) => Known;

/** Who is who: bays and DevAddrs belong to the DevEUI that stands beside them in some record. */
export const identities = ({ frames, requests }: Sorted, alone: readonly Fact[]): Whose => {
  const byBay = new Map<string, Eui>();
  const bayOf = new Map<Eui, string>();
  const byAddr = new Map<string, Eui | 'several'>();
  const learn = ({ devEui, devAddr, bay }: Who): void => {
    if (devEui === undefined) return;
    if (bay !== undefined) {
      byBay.set(bay, devEui);
      bayOf.set(devEui, bay);
    }
    if (devAddr === undefined) return;
    const other = byAddr.get(devAddr);
    byAddr.set(devAddr, other === undefined || other === devEui ? devEui : 'several');
  };
  const all = (): readonly Who[] => [...frames.values(), ...requests.values(), alone].flat().map(whoOf);
  const known = all();
  known.forEach(learn);
  // Once more, for DevAddrs that stand beside a bay only.
  for (const who of known) {
    const devEui = who.bay === undefined ? undefined : byBay.get(who.bay);
    if (who.devEui === undefined && devEui !== undefined) learn({ ...who, devEui });
  }
  return (who) => {
    const beside = who.devAddr === undefined ? undefined : byAddr.get(who.devAddr);
    const byAddress = beside === 'several' ? undefined : beside;
    const devEui = who.devEui ?? (who.bay === undefined ? undefined : byBay.get(who.bay)) ?? byAddress;
    const bay = who.bay ?? (devEui === undefined ? undefined : bayOf.get(devEui));
    return {
      ...(devEui !== undefined && { devEui }),
      ...(who.devAddr !== undefined && { devAddr: who.devAddr }),
      ...(bay !== undefined && { bay }),
    };
  };
};

/** When each DevAddr was last heard in a frame that was ours: proof that its device has that session. */
export const addressesSpoken = ({ frames }: Sorted): ReadonlyMap<string, Us> => {
  const spoken = new Map<string, Us>();
  for (const facts of frames.values())
    for (const { outcome } of only(facts, 'outcome'))
      if (outcome.devAddr !== undefined && (outcome.result === 'accepted' || outcome.why === 'retransmission'))
        spoken.set(outcome.devAddr, Math.max(spoken.get(outcome.devAddr) ?? -Infinity, outcome.atUs));
  return spoken;
};

/** What all facts of a frame together say of its sender. */
export const together = (facts: readonly Fact[]): Known => {
  const all = facts.map(whoOf);
  const first = (name: 'devEui' | 'devAddr' | 'bay'): string | undefined =>
    all.find((who) => who[name] !== undefined)?.[name];
  const [devEui, devAddr, bay] = [first('devEui'), first('devAddr'), first('bay')];
  return {
    ...(devEui !== undefined && { devEui }),
    ...(devAddr !== undefined && { devAddr }),
    ...(bay !== undefined && { bay }),
  };
};
