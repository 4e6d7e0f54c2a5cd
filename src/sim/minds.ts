import { aesKey, type AesKey } from '../lorawan/aes.js';
import { defaultPlan, type ChannelPlan } from '../lorawan/channel-plan.js';
import { dutyBudget, hourUs } from '../lorawan/duty-budget.js';
import type { Region } from '../lorawan/region.js';
import type { Us } from '../base/time.js';
import type { MacProfile } from './behaviour.js';
import { abpOf, identity, type Identity } from './identity.js';
import { macSession, phase, type MacMind, type MacRow, type MacSession } from './mac-state.js';

/**
 * The minds of a fleet. A device has one while there is something to do; of one that rests, what it must remember lies in
 * columns, some ninety bytes, and its mind serves others: a city of a million sensors has a few thousand minds.
 */
export interface Minds {
  /** The mind of a row; who rests is woken. */
  of(row: number): MacMind;
  /** The same where it is awake: who rests has nothing to do. */
  awake(row: number): MacMind | undefined;
  /** Lets a device rest that can. */
  rest(row: number, mac: MacRow, nowUs: Us): void;
}

interface Mind extends MacMind {
  bay: string;
  profile: MacProfile;
  /** Takes on another device, as one that has joined nothing and sent nothing yet. */
  wear(bay: string, profile: MacProfile): void;
  /** Goes on with a session whose two keys lie at a place. */
  resume(devAddr: number, keys: Uint8Array, at: number): void;
}

const keyBytes = 16;
/** So many spells of what was sent within an hour lie beside the keys. */
const spells = 3;
const keysAt = 8;
const startsAt = keysAt + 2 * keyBytes;
const airtimesAt = startsAt + 8 * spells;
const restBytes = airtimesAt + 8 * spells;
const restWords = restBytes / 4;
/** The place of the plan and the number of spells share a word. */
const countBits = 4;
const blankKeys = () => ({ nwk: aesKey(new Uint8Array(keyBytes)), app: aesKey(new Uint8Array(keyBytes)) });

export const mindsOf = (setup: {
  readonly seed: string;
  readonly names: readonly string[];
  profileOf(row: number): MacProfile;
  readonly otaa: boolean;
  readonly region: Region;
}): Minds => {
  const { seed, names, profileOf, otaa, region } = setup;
  const rows = names.length;
  const usualPlan = defaultPlan(region);
  const minds: (Mind | undefined)[] = new Array<undefined>(rows).fill(undefined);
  const idle: Mind[] = [];
  // What a device that rests remembers, side by side: DevAddr, the place of its channel plan with how many spells follow, both
  // keys, and what was sent within an hour: starts, airtimes and frequencies.
  const block = new ArrayBuffer(rows * restBytes);
  const words = new Uint32Array(block);
  const keys = new Uint8Array(block);
  const starts = new Float64Array(block);
  const plans: ChannelPlan[] = [usualPlan];
  /** Of the few that sent more than there is room for: frequency, airtime and start of the rest, one after the other. */
  const more = new Map<number, number[]>();

  const newMind = (): Mind => {
    let who: Identity | undefined;
    let appKey: AesKey | undefined;
    let own: { -readonly [Part in keyof MacSession]: MacSession[Part] } | undefined;
    const mind: Mind = {
      bay: '',
      profile: undefined as never,
      get identity() {
        return (who ??= identity(seed, mind.bay));
      },
      set identity(value) {
        who = value;
      },
      get appKey() {
        return (appKey ??= aesKey(mind.identity.appKey));
      },
      set appKey(value) {
        appKey = value;
      },
      otaa,
      session: undefined,
      plan: usualPlan,
      queue: [],
      answers: [],
      sticky: [],
      frame: undefined,
      incoming: undefined,
      rxc: undefined,
      duty: dutyBudget(region),
      orders: undefined,
      wear(bay, profile) {
        mind.bay = bay;
        mind.profile = profile;
        mind.session = undefined;
        mind.plan = usualPlan;
        who = undefined;
        appKey = undefined;
      },
      resume(devAddr, bytes, at) {
        // Always the same object: making keys takes longer than using them.
        own ??= { devAddr, nwkSKey: new Uint8Array(keyBytes), appSKey: new Uint8Array(keyBytes), ...blankKeys() };
        own.devAddr = devAddr;
        for (let i = 0; i < keyBytes; i++) {
          own.nwkSKey[i] = bytes[at + i]!;
          own.appSKey[i] = bytes[at + keyBytes + i]!;
        }
        own.nwk.become(own.nwkSKey, 0);
        own.app.become(own.appSKey, 0);
        mind.session = own;
      },
    };
    return mind;
  };

  const spell = { freqHz: 0, airtimeUs: 0, startUs: 0 };
  const wake = (row: number): Mind => {
    const mind = idle.pop() ?? newMind();
    minds[row] = mind;
    mind.wear(names[row]!, profileOf(row));
    const word = row * restWords;
    // Places are counted from one: zero has never rested.
    const place = words[word + 1]! >>> countBits;
    if (place === 0) {
      // An ABP device has its session from birth.
      if (!otaa) {
        const { devAddr, nwkSKey, appSKey } = abpOf(seed, mind.bay);
        mind.session = macSession(devAddr, nwkSKey, appSKey);
      }
      return mind;
    }
    mind.resume(words[word]!, keys, row * restBytes + keysAt);
    mind.plan = plans[place - 1]!;
    const count = words[word + 1]! & ((1 << countBits) - 1);
    const air = word + airtimesAt / 4;
    for (let i = 0; i < count; i++) {
      spell.startUs = starts[(row * restBytes + startsAt) / 8 + i]!;
      spell.airtimeUs = words[air + i]!;
      spell.freqHz = words[air + spells + i]!;
      mind.duty.spend(spell);
    }
    const rest = count === spells ? more.get(row) : undefined;
    if (!rest) return mind;
    more.delete(row);
    for (let i = 0; i < rest.length; i += 3)
      mind.duty.spend({ freqHz: rest[i]!, airtimeUs: rest[i + 1]!, startUs: rest[i + 2]! });
    return mind;
  };

  /** Plans are few: all devices of a network have the same channels. */
  const placeOf = (plan: ChannelPlan): number => {
    const known = plans.indexOf(plan);
    if (known >= 0) return known;
    const text = JSON.stringify(plan);
    const same = plans.findIndex((other) => JSON.stringify(other) === text);
    if (same >= 0) return same;
    // So many different ones, and the next devices keep their minds.
    return plans.length > 200 ? -1 : plans.push(plan) - 1;
  };

  const mayRest = (mind: Mind, row: MacRow): boolean =>
    row.phase === phase.idle &&
    !row.owesAck &&
    !row.morePending &&
    mind.session !== undefined &&
    mind.orders === undefined &&
    mind.frame === undefined &&
    mind.incoming === undefined &&
    mind.queue.length === 0 &&
    mind.answers.length === 0 &&
    mind.sticky.length === 0 &&
    mind.profile.deviceClass !== 'C';

  return {
    of: (row) => minds[row] ?? wake(row),
    awake: (row) => minds[row],
    rest(row, mac, nowUs) {
      const mind = minds[row];
      if (!mind || !mayRest(mind, mac)) return;
      const plan = placeOf(mind.plan);
      if (plan < 0) return;
      const { devAddr, nwkSKey, appSKey } = mind.session!;
      const word = row * restWords;
      words[word] = devAddr;
      const at = row * restBytes + keysAt;
      for (let i = 0; i < keyBytes; i++) {
        keys[at + i] = nwkSKey[i]!;
        keys[at + keyBytes + i] = appSKey[i]!;
      }
      let count = 0;
      // What was over an hour ago is in no hour that is still to come.
      mind.duty.drain(nowUs - hourUs, (freqHz, airtimeUs, startUs) => {
        if (count === spells) {
          const rest = more.get(row);
          if (rest) rest.push(freqHz, airtimeUs, startUs);
          else more.set(row, [freqHz, airtimeUs, startUs]);
          return;
        }
        starts[(row * restBytes + startsAt) / 8 + count] = startUs;
        words[word + airtimesAt / 4 + count] = airtimeUs;
        words[word + airtimesAt / 4 + spells + count] = freqHz;
        count++;
      });
      words[word + 1] = ((plan + 1) << countBits) | count;
      minds[row] = undefined;
      idle.push(mind);
    },
  };
};
