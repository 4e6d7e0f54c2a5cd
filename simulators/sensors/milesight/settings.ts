import type { Row } from '../../../src/sim/columns.js';
import { overBay } from '../../../src/sim/ranging.js';

/** What an installer or a downlink sets. */
export const settingColumns = {
  collectS: 'u16',
  reportS: 'u16',
  workingMode: 'u8',
  installMm: 'u16',
  existingMm: 'u16',
  heightUsed: 'flag',
  condition: 'u8',
  release: 'flag',
  minMm: 'u16',
  maxMm: 'u16',
} as const;
export type SettingsRow = Row<typeof settingColumns>;

/** The intervals that a model takes. */
export interface Limits {
  readonly collectS: readonly [least: number, most: number];
  readonly reportS: readonly [least: number, most: number];
}

const conditions = ['disabled', 'below', 'above', 'between', 'outside'];
const workingModes = ['standard', 'bin', 'parking'];
const parking = workingModes.indexOf('parking');
const switches = ['disabled', 'enabled'];

/** As somebody sets it up who hangs it over a bay; the EM400-MUD in its parking mode. Ten minutes: EM400-UDL user guide. */
export const defaults = (parks: boolean): SettingsRow => ({
  collectS: 60,
  reportS: 600,
  workingMode: parks ? parking : 0,
  installMm: overBay.heightMm,
  existingMm: overBay.thresholdMm,
  heightUsed: true,
  condition: conditions.indexOf('below'),
  release: true,
  minMm: overBay.heightMm - overBay.thresholdMm,
  maxMm: 0,
});

/**
 * Whether this distance is an alarm: by the condition, or in the parking mode by what stands higher on the ground than the
 * existing height. How the parking mode decides is not public; this is assumed.
 */
export const alarmed = (row: SettingsRow, mm: number): boolean => {
  if (row.workingMode === parking) return row.heightUsed && row.installMm - mm >= row.existingMm;
  const below = mm < row.minMm;
  const above = mm > row.maxMm;
  return [false, below, above, !below && !above, below || above][row.condition]!;
};

interface Alarm {
  readonly condition: string;
  readonly releaseReport: boolean;
  readonly minMm: number;
  readonly maxMm: number;
}

const setAlarm = (row: SettingsRow, { condition, releaseReport, minMm, maxMm }: Alarm): boolean => {
  const number = conditions.indexOf(condition);
  if (number < 0) return false;
  Object.assign(row, { condition: number, release: releaseReport, minMm, maxMm });
  return true;
};

/** Does what a command asks for; false when the sensor does not take it. */
export const apply = (
  row: SettingsRow,
  { setting, value, limits }: { readonly setting: string; readonly value: unknown; readonly limits: Limits },
): boolean => {
  const within = ([least, most]: readonly [number, number]): boolean => Number(value) >= least && Number(value) <= most;
  switch (setting) {
    case 'collectionIntervalS':
      if (!within(limits.collectS)) return false;
      row.collectS = Number(value);
      return true;
    case 'reportIntervalS':
      if (!within(limits.reportS)) return false;
      row.reportS = Number(value);
      return true;
    case 'alarm':
      return setAlarm(row, value as Alarm);
    case 'workingMode': {
      const number = workingModes.indexOf(String(value));
      if (number >= 0) row.workingMode = number;
      return number >= 0;
    }
    case 'installHeightMm':
      row.installMm = Number(value);
      return true;
    case 'existingHeightMm':
      row.existingMm = Number(value);
      return true;
    case 'installHeightUse':
      if (!switches.includes(String(value))) return false;
      row.heightUsed = value === 'enabled';
      return true;
    // These are taken and answered, and change nothing that this simulation shows.
    case 'tiltLink':
    case 'tofDetection':
      return switches.includes(String(value));
    case 'recollection':
    case 'timeSync':
    case 'query':
    case 'reboot':
      return true;
    default:
      return false;
  }
};
