import type { Codec } from '../../../src/codec/codec.js';
import { layout, type Parts } from '../../../src/codec/layout.js';
import {
  constant,
  flag,
  inUnit,
  littleEndian,
  oneOfOrUnknown,
  spare,
  uint,
  type Part,
} from '../../../src/codec/parts.js';
import type { Message } from '../../../src/codec/sensor.js';
import { tagged, type Tags } from '../../../src/codec/tagged.js';
import { filler, mark } from './parts.js';

const seconds = inUnit(littleEndian(uint(16)), 's');
const millimetres = inUnit(littleEndian(uint(16)), 'mm');
const enabled = oneOfOrUnknown(8, { disabled: 0, enabled: 1 });

/** What an alarm on the distance begins with; `below` looks at `minMm`, `above` at `maxMm`, the others at both. */
const alarm = {
  releaseReport: flag,
  _zero: spare(1),
  mode: oneOfOrUnknown(3, { standard: 1, bin: 2 }),
  condition: oneOfOrUnknown(3, { disabled: 0, below: 1, above: 2, between: 3, outside: 4 }),
  minMm: millimetres,
  maxMm: millimetres,
} as const;
/** EM400: four bytes of nothing behind it. */
const plainAlarm = { ...alarm, _nothing: spare(32) } as const;
/** EM310: two times in their place, by the vendor's encoder and decoder. */
const timedAlarm = { ...alarm, lockTimeS: seconds, continueTimeS: seconds } as const;

/** Settings and requests that have no value: the byte that is written behind the command. */
const requests: Readonly<Record<string, number>> = { reboot: 0xff, query: 0xff, timeSync: 0x00 };

/** Every setting of the family by its name in an answer: the command byte, what follows it, the type of the command. */
const table = {
  collectionIntervalS: ['02', seconds, 'setCollectionInterval'],
  reportIntervalS: ['03', seconds, 'setReportInterval'],
  reboot: ['10', mark(requests['reboot']!), 'reboot'],
  tofDetection: ['56', enabled, 'setTofDetection'],
  tiltLink: ['3e', enabled, 'setTiltLink'],
  recollection: ['1c', { counts: uint(8), intervalS: inUnit(uint(8), 's') }, 'setRecollection'],
  query: ['28', mark(requests['query']!), 'requestStatus'],
  timeSync: ['4a', mark(requests['timeSync']!), 'requestTimeSync'],
  existingHeightMm: ['70', millimetres, 'setExistingHeight'],
  installHeightUse: ['13', enabled, 'setInstallHeightUse'],
  installHeightMm: ['77', millimetres, 'setInstallHeight'],
} as const;
type Row = readonly [command: string, content: Tags[string][1], type: string];

/** The settings of one model by name. */
export type Settings = Readonly<Record<string, Row>>;

const { collectionIntervalS, reportIntervalS, reboot, installHeightMm, ...ofBoth } = table;
const ofAll = { collectionIntervalS, reportIntervalS, reboot };
/** EM310-UDL: intervals, alarm, reboot. */
export const em310Settings: Settings = { ...ofAll, alarm: ['06', timedAlarm, 'setAlarm'] };
/** EM400-UDL: all but the installation height; of the working modes only the standard one. */
export const em400UdlSettings: Settings = {
  ...ofAll,
  ...ofBoth,
  alarm: ['06', plainAlarm, 'setAlarm'],
  workingMode: ['71', oneOfOrUnknown(8, { standard: 0 }), 'setWorkingMode'],
};
/** EM400-MUD: everything. */
export const em400MudSettings: Settings = {
  ...em400UdlSettings,
  workingMode: ['71', oneOfOrUnknown(8, { standard: 0, bin: 1, parking: 2 }), 'setWorkingMode'],
  installHeightMm,
};

/** The settings as tags: `ff` as they are commanded, `fe` as an answer. */
export const settingTags = (settings: Settings, first: 'ff' | 'fe'): Tags =>
  Object.fromEntries(Object.entries(settings).map(([name, [command, content]]) => [name, [first + command, content]]));

const isSingle = (content: Row[1]): content is Part<unknown> =>
  typeof (content as { read?: unknown }).read === 'function';

const commandOf = (name: string, [command, content]: Row): Codec<object> => {
  const value = requests[name];
  const fields: Parts = isSingle(content) ? { [name]: content } : (content as Parts);
  return layout({
    _command: constant(16, 0xff00 + Number.parseInt(command, 16)),
    ...(value === undefined ? fields : { _value: filler(value) }),
  });
};

/** The commands of a model by type: each setting alone, and several in one downlink as the vendor's encoder joins them. */
export const commandsOf = (settings: Settings): Readonly<Record<string, Codec<object>>> => ({
  ...Object.fromEntries(Object.entries(settings).map(([name, row]) => [row[2], commandOf(name, row)])),
  setSeveral: tagged(settingTags(settings, 'ff'), { atLeast: 2 }),
});

/** What a command sets, by the names that an answer has. */
export const settingsIn = (settings: Settings, { type, ...fields }: Message): Readonly<Record<string, unknown>> => {
  if (type === 'setSeveral') return fields;
  const [name, row] = Object.entries(settings).find(([, [, , command]]) => command === type) ?? [];
  if (name === undefined) return {};
  return { [name]: requests[name] !== undefined ? true : isSingle(row![1]) ? fields[name] : fields };
};
