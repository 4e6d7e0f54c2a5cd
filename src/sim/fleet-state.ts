import { fromHex, toHex } from '../base/hex.js';
import { macSession, phase, type MacMind, type MacRow } from './mac-state.js';

/** What one device carries from one run into the next: nonces, counters and its session. Holds keys. */
export interface SavedDevice {
  readonly nonces: number;
  readonly fCntUp: number;
  readonly fCntDown: number;
  readonly rx1DelayS: number;
  readonly rx1DrOffset: number;
  readonly rx2DataRate: number;
  readonly extraHz: readonly number[];
  readonly session?: { readonly devAddr: number; readonly nwkSKey: string; readonly appSKey: string };
}

/** The state of a fleet between runs, by bay. */
export type FleetState = Readonly<Record<string, SavedDevice>>;

export const saveDevice = (row: MacRow, mind: MacMind): SavedDevice => ({
  nonces: row.nonces,
  fCntUp: row.fCntUp,
  fCntDown: row.fCntDown,
  rx1DelayS: row.rx1DelayS,
  rx1DrOffset: row.rx1DrOffset,
  rx2DataRate: row.rx2DataRate,
  extraHz: mind.extraHz,
  ...(mind.session && {
    session: {
      devAddr: mind.session.devAddr,
      nwkSKey: toHex(mind.session.nwkSKey),
      appSKey: toHex(mind.session.appSKey),
    },
  }),
});

/** Puts a saved device back, as one whose memory survives a power cut (LoRaWAN 1.0.4 §6.2.5 asks that of DevNonce). */
export const loadDevice = (row: MacRow, mind: MacMind, saved: SavedDevice): void => {
  row.nonces = saved.nonces;
  row.fCntUp = saved.fCntUp;
  row.fCntDown = saved.fCntDown;
  row.rx1DelayS = saved.rx1DelayS;
  row.rx1DrOffset = saved.rx1DrOffset;
  row.rx2DataRate = saved.rx2DataRate;
  row.phase = phase.idle;
  mind.extraHz = saved.extraHz;
  if (!saved.session) return;
  const nwkSKey = fromHex(saved.session.nwkSKey);
  const appSKey = fromHex(saved.session.appSKey);
  if (nwkSKey.ok && appSKey.ok) mind.session = macSession(saved.session.devAddr, nwkSKey.value, appSKey.value);
};

const isCounter = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether a value read from a file is a fleet's state. */
export const isFleetState = (value: unknown): value is FleetState =>
  value !== null &&
  typeof value === 'object' &&
  Object.values(value).every((device: unknown) => {
    if (device === null || typeof device !== 'object') return false;
    const { nonces, fCntUp, fCntDown, rx1DelayS, rx1DrOffset, rx2DataRate, extraHz } = device as Record<
      string,
      unknown
    >;
    return [nonces, fCntUp, fCntDown, rx1DelayS, rx1DrOffset, rx2DataRate].every(isCounter) && Array.isArray(extraHz);
  });
