import { fromHex, toHex } from '../base/hex.js';
import { withCfList, type ChannelPlan, type PlanChannel } from '../lorawan/channel-plan.js';
import { readUplinkCommands, writeCommands } from '../lorawan/mac-commands.js';
import { subBandIndex, type Region } from '../lorawan/region.js';
import { forgetSettings, macSession, type MacMind, type MacRow } from './mac-state.js';

/** What one device carries from one run into the next: nonces, counters and its session. Holds keys. */
export interface SavedDevice {
  /** False when the run went on after this: the device then has used more than it says. Absent in older files: true. */
  readonly clean?: boolean;
  readonly nonces: number;
  readonly fCntUp: number;
  readonly fCntDown: number;
  readonly rx1DelayS: number;
  readonly rx1DrOffset: number;
  readonly rx2DataRate: number;
  /** Older files: the extra channels of the last join accept instead of `plan`. */
  readonly extraHz?: readonly number[];
  readonly plan?: readonly (PlanChannel | null)[];
  readonly rx2Hz?: number;
  readonly dataRate?: number;
  readonly txPower?: number;
  readonly nbTrans?: number;
  readonly adrAckCnt?: number;
  readonly dutyExponent?: number;
  /** Answers that are repeated until a downlink shows that they arrived, as a MAC writes them, in hexadecimal. */
  readonly sticky?: string;
  readonly session?: { readonly devAddr: number; readonly nwkSKey: string; readonly appSKey: string };
}

/** The state of a fleet between runs, by bay. */
export type FleetState = Readonly<Record<string, SavedDevice>>;

/**
 * How far nonces and counters leap when a device wakes from a save after which it went on: more than it can have used,
 * since the next save comes before (as devices do that write their counters to flash now and then).
 */
export const leap = 64;
/**
 * After so many uses a save is due. Two saves fit into a leap with room for what a step uses: the one that is under way
 * when the machine stops, and the one before.
 */
export const saveAfter = 20;

const settings = ['rx2Hz', 'dataRate', 'txPower', 'nbTrans', 'adrAckCnt', 'dutyExponent'] as const;

export const saveDevice = (row: MacRow, mind: MacMind, { clean }: { readonly clean: boolean }): SavedDevice => ({
  clean,
  nonces: row.nonces,
  fCntUp: row.fCntUp,
  fCntDown: row.fCntDown,
  rx1DelayS: row.rx1DelayS,
  rx1DrOffset: row.rx1DrOffset,
  rx2DataRate: row.rx2DataRate,
  plan: mind.plan.map((channel) => channel ?? null),
  ...Object.fromEntries(settings.map((name) => [name, row[name]])),
  ...(mind.sticky.length > 0 && { sticky: toHex(writeCommands(mind.sticky)) }),
  ...(mind.session && {
    session: {
      devAddr: mind.session.devAddr,
      nwkSKey: toHex(mind.session.nwkSKey),
      appSKey: toHex(mind.session.appSKey),
    },
  }),
});

/**
 * Puts a saved device back, as one whose memory survives a power cut (LoRaWAN 1.0.4 §6.2.5 asks that of DevNonce). After a
 * save that was not the end, nonces and counters leap, and a session that came from a join is forgotten: the device joins.
 */
export const loadDevice = (
  device: { readonly row: MacRow; readonly mind: MacMind },
  saved: SavedDevice,
  region: Region,
): void => {
  const { row, mind } = device;
  const ahead = saved.clean === false ? leap : 0;
  row.nonces = saved.nonces + ahead;
  if (ahead > 0 && mind.otaa) return;
  const nwkSKey = fromHex(saved.session?.nwkSKey ?? '');
  const appSKey = fromHex(saved.session?.appSKey ?? '');
  if (!saved.session || !nwkSKey.ok || nwkSKey.value.length !== 16 || !appSKey.ok || appSKey.value.length !== 16)
    return;
  forgetSettings(row, mind, region);
  mind.session = macSession(saved.session.devAddr, nwkSKey.value, appSKey.value);
  row.fCntUp = saved.fCntUp + ahead;
  row.fCntDown = saved.fCntDown;
  row.rx1DelayS = saved.rx1DelayS;
  row.rx1DrOffset = saved.rx1DrOffset;
  row.rx2DataRate = saved.rx2DataRate;
  for (const name of settings) row[name] = saved[name] ?? row[name];
  mind.plan = planOf(saved, mind.plan, region);
  const sticky = fromHex(saved.sticky ?? '');
  if (sticky.ok) mind.sticky.push(...readUplinkCommands(sticky.value).commands);
};

/** The saved channels, where they are ones of this region: a state may be loaded into another than it was made in. */
const planOf = ({ plan, extraHz }: SavedDevice, usual: ChannelPlan, region: Region): ChannelPlan => {
  if (!plan) return withCfList(region, usual, { cfList: extraHz ?? [] });
  const fits = plan.length === usual.length && plan.every((one) => !one || subBandIndex(region, one.freqHz) >= 0);
  return fits ? plan.map((channel) => channel ?? undefined) : usual;
};

const isCounter = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object';

const isChannel = (value: unknown): boolean =>
  value === null ||
  (isObject(value) &&
    [value['freqHz'], value['minDr'], value['maxDr'], value['downlinkHz']].every(isCounter) &&
    typeof value['enabled'] === 'boolean');

/** Whether a value read from a file is a fleet's state; those of older versions are. */
export const isFleetState = (value: unknown): value is FleetState =>
  isObject(value) &&
  Object.values(value).every((device: unknown) => {
    if (!isObject(device)) return false;
    const { clean, nonces, fCntUp, fCntDown, rx1DelayS, rx1DrOffset, rx2DataRate, plan, extraHz, session } = device;
    const { sticky } = device;
    return (
      (clean === undefined || typeof clean === 'boolean') &&
      [nonces, fCntUp, fCntDown, rx1DelayS, rx1DrOffset, rx2DataRate].every(isCounter) &&
      settings.every((name) => device[name] === undefined || isCounter(device[name])) &&
      (plan === undefined
        ? Array.isArray(extraHz) && extraHz.every(isCounter)
        : Array.isArray(plan) && plan.every(isChannel)) &&
      (sticky === undefined || typeof sticky === 'string') &&
      (session === undefined ||
        (isObject(session) &&
          isCounter(session['devAddr']) &&
          typeof session['nwkSKey'] === 'string' &&
          typeof session['appSKey'] === 'string'))
    );
  });
