import { fromHex, toHex } from '../base/hex.js';
import { devAddrText } from '../lorawan/ids.js';
import { isFleetState, leap, type SavedDevice } from './fleet-state.js';
import type { ModemIdentity } from './modem-types.js';

/** The next counters of a personalised session, by its keys in hexadecimal. */
export interface Counted {
  readonly devAddr: number;
  readonly nwkSKey: string;
  readonly appSKey: string;
  readonly fCntUp: number;
  readonly fCntDown: number;
}

/** What a modem keeps when its power is cut, as JSON can carry it; it holds keys. */
export interface SavedModem {
  readonly identity: Readonly<Record<keyof ModemIdentity, string>>;
  readonly device: SavedDevice;
  /** How the session in `device` began; `otaa` when absent. */
  readonly activation?: 'otaa' | 'abp';
  readonly netId?: number;
  /** Every personalised session that has sent: an address and keys that come back go on where they were. */
  readonly counted?: readonly Counted[];
}

/** The next counters of personalised sessions, as long as the modem lives. */
export interface Counters {
  /** Notes where a session stands. */
  note(session: Counted): void;
  /** Where one with this address and these keys begins: never at a counter that one of its keys has served. */
  next(session: Omit<Counted, 'fCntUp' | 'fCntDown'>): { readonly fCntUp: number; readonly fCntDown: number };
  all(): readonly Counted[];
}

const isSame = (a: Omit<Counted, 'fCntUp' | 'fCntDown'>, b: Counted): boolean =>
  a.devAddr === b.devAddr && a.nwkSKey === b.nwkSKey && a.appSKey === b.appSKey;

/**
 * A book of counters. A real modem that is given its old ABP keys again may begin at zero: its network then refuses it, and
 * whoever listens gets two texts under one key stream (LoRaWAN 1.0.4 §4.3.1.5 forbids it). This one remembers. `ahead` is
 * what any of them, also one that is not in the book, may have gone on since the book was written.
 */
export const counters = (before: readonly Counted[] = [], ahead = 0): Counters => {
  const book = before.map((session) => ({ session, ahead }));
  return {
    note(session) {
      const at = book.findIndex((one) => isSame(session, one.session));
      if (at >= 0) book[at] = { session, ahead: 0 };
      else if (session.fCntUp > 0 || session.fCntDown > 0) book.push({ session, ahead: 0 });
    },
    next(session) {
      const { devAddr, nwkSKey, appSKey } = session;
      const exact = book.find((one) => isSame(session, one.session));
      const related = book.filter(
        ({ session: one }) => one.devAddr === devAddr && (one.nwkSKey === nwkSKey || one.appSKey === appSKey),
      );
      const least = exact?.ahead === 0 ? 0 : ahead;
      return {
        fCntUp: Math.max(least, ...related.map((one) => one.session.fCntUp + one.ahead)),
        fCntDown: exact?.session.fCntDown ?? 0,
      };
    },
    all: () => book.map(({ session }) => session),
  };
};

/** The book that a saved modem brings along; after a save that was not its end every session leaps ahead. */
export const countersOf = ({ device, counted }: SavedModem): Counters =>
  counters(counted, device.clean === false ? leap : 0);

export const identityText = (who: ModemIdentity): SavedModem['identity'] => {
  const { devEui, joinEui, appKey, devAddr, nwkSKey, appSKey } = who;
  const keys = { appKey: toHex(appKey), nwkSKey: toHex(nwkSKey), appSKey: toHex(appSKey) };
  return { devEui, joinEui, devAddr: devAddrText(devAddr), ...keys };
};

const bytesOf = (text: unknown, length: number): Uint8Array | undefined => {
  const read = typeof text === 'string' ? fromHex(text) : undefined;
  return read?.ok && read.value.length === length ? read.value : undefined;
};

/** The identity in a save; undefined when it is damaged. */
export const identityFrom = (saved: Readonly<Record<string, unknown>>): ModemIdentity | undefined => {
  const [appKey, nwkSKey, appSKey] = [saved['appKey'], saved['nwkSKey'], saved['appSKey']].map((key) =>
    bytesOf(key, 16),
  );
  const [devEui, joinEui, devAddr] = [
    bytesOf(saved['devEui'], 8),
    bytesOf(saved['joinEui'], 8),
    bytesOf(saved['devAddr'], 4),
  ];
  if (!appKey || !nwkSKey || !appSKey || !devEui || !joinEui || !devAddr) return undefined;
  const address = Number.parseInt(toHex(devAddr), 16);
  return { devEui: toHex(devEui), joinEui: toHex(joinEui), devAddr: address, appKey, nwkSKey, appSKey };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isCounter = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isCounted = (value: unknown): boolean =>
  isObject(value) &&
  [value['devAddr'], value['fCntUp'], value['fCntDown']].every(isCounter) &&
  typeof value['nwkSKey'] === 'string' &&
  typeof value['appSKey'] === 'string';

/** Whether a value read from a file is what a modem saved. */
export const isSavedModem = (value: unknown): value is SavedModem => {
  if (!isObject(value)) return false;
  const { identity, device, activation, netId, counted } = value;
  return (
    isObject(identity) &&
    identityFrom(identity) !== undefined &&
    isFleetState({ device }) &&
    (activation === undefined || activation === 'otaa' || activation === 'abp') &&
    (netId === undefined || isCounter(netId)) &&
    (counted === undefined || (Array.isArray(counted) && counted.every(isCounted)))
  );
};
