import { z } from 'zod';
import { layout } from '../../../src/codec/layout.js';
import { withList } from '../../../src/codec/list.js';
import {
  constant,
  flag,
  hexBytes,
  inUnit,
  int,
  oneOf,
  oneOfOrUnknown,
  optional,
  scaled,
  spare,
  uint,
  type Part,
} from '../../../src/codec/parts.js';

// The layouts of Dragino's distance sensors. Sources: the decoders that Dragino publishes (dragino/dragino-end-node-decoder)
// and the manuals of LDDS04 and LLDS12. Distances are millimetres here, whatever unit the sensor counts in.

const volts = (bits: number): Part<number> => scaled(uint(bits), { factor: 0.001, unit: 'V' });
const tenths = scaled(int(16), { factor: 0.1, unit: '°C' });
const hundredths = scaled(int(16), { factor: 0.01, unit: '°C' });
const millimetres = inUnit(uint(16), 'mm');
const centimetres = scaled(uint(16), { factor: 10, unit: 'mm' });
const unixTime = inUnit(uint(32), 's since 1970');

/** A battery word whose two upper bits say nothing: DDS75 and LDS12 have a byte of its own for the interrupt. */
const battery = { _spare: spare(2), batteryV: volts(14) };

/** Type 2 is the answer to a question about the settings. */
const replyType = 2;
const messageType = oneOfOrUnknown(8, { normal: 1, 'configuration-reply': replyType });
const measuredType = oneOfOrUnknown(8, { normal: 1 });
/** Of a model whose answers have another layout. */
const notReply: typeof measuredType = {
  ...measuredType,
  marks: true,
  read: (raw) => (raw === replyType ? undefined : measuredType.read(raw)),
  write: (value) => (value === `unknown-${replyType}` ? undefined : measuredType.write(value)),
};
/** What an LDDS04 or LLDS12 answers about its settings: their decoders tell it apart and leave it unread, and so do we. */
export const configurationReply = layout({ contents: hexBytes(10), _messageType: constant(8, replyType) });

/** One ultrasonic head and a DS18B20 probe, which counts in tenths or hundredths of a degree. */
const oneHead = (temperatureC: Part<number>) =>
  layout({ ...battery, distanceMm: millimetres, interrupt: uint(8), temperatureC, sensorFlag: uint(8) });
export const oneHeadTenths = oneHead(tenths);
export const oneHeadHundredths = oneHead(hundredths);

/**
 * LDDS75 before the eight bytes of firmware 1.1.4: battery and distance, in the vendor's old decoder followed by the interrupt.
 */
export const earlyOneHead = layout({ ...battery, distanceMm: millimetres, interrupt: optional(uint(8)) });

const fourDistances = {
  distance1Mm: millimetres,
  distance2Mm: millimetres,
  distance3Mm: millimetres,
  distance4Mm: millimetres,
};
/** LDDS04: the uppermost bit is the interrupt (manual 2.4.2). */
export const fourHeadsOld = layout({
  interrupt: flag,
  _spare: spare(1),
  batteryV: volts(14),
  ...fourDistances,
  messageType: notReply,
});
/** DDS04-LB: there the uppermost bit is the level of the pin, the interrupt stands below it. */
export const fourHeads = layout({
  interruptLevel: flag,
  interrupt: flag,
  batteryV: volts(14),
  ...fourDistances,
  messageType,
});

/** Distances of a lidar come in tenths of a centimetre: millimetres. */
const lidarHead = { ...battery, temperatureC: tenths, distanceMm: millimetres, signalStrength: uint(16) };
const lidarTemperatureC = inUnit(int(8), '°C');
export const lidarOld = layout({ ...lidarHead, interrupt: uint(8), lidarTemperatureC, messageType: notReply });
export const lidar = layout({
  ...lidarHead,
  _reserved: spare(6),
  interruptLevel: flag,
  interrupt: flag,
  lidarTemperatureC,
  messageType,
});

/** Two bits of a DS20L; 1 is the counting mode, which has a layout of its own. */
const countingMode = 1;
const limitMode: Part<number> = {
  ...uint(2),
  marks: true,
  read: (raw) => (raw === countingMode ? undefined : raw),
  write: (value) => (value === 0 || value === 2 || value === 3 ? value : undefined),
  sample: () => 0,
  takes: '0, 2 or 3',
};
const limitFlags = (digitalOutputMode: 0 | 1) => ({
  batteryV: volts(16),
  mode: limitMode,
  alarm: flag,
  digitalOutput: flag,
  _digitalOutputMode: constant(1, digitalOutputMode),
  threshold: flag,
  _spare: spare(2),
});
const limits = { upperLimitMm: millimetres, lowerLimitMm: millimetres };
/** DS20L: the mode bits and the DO flag choose one of three layouts. */
export const detector = {
  limits: layout({ ...limitFlags(0), distanceMm: millimetres, ...limits }),
  limitsCounting: layout({ ...limitFlags(1), count: uint(32), ...limits }),
  counting: layout({
    batteryV: volts(16),
    _mode: constant(2, countingMode),
    alarm: flag,
    interrupt: flag,
    _spare: spare(4),
    distanceMm: millimetres,
    distanceState: uint(8),
    count: uint(32),
  }),
};

/**
 * The radars: `closestMm` is the first object, `nextMm` the one behind it. No decoder names their unit;
 * centimetres are assumed, in which Dragino gives range and resolution of its radar probes.
 */
export const radar = layout({
  batteryV: volts(16),
  closestMm: centimetres,
  nextMm: centimetres,
  alarmCount: uint(6),
  distanceAlarm: flag,
  interrupt: flag,
});
export const radarConfiguration = layout({
  intervalS: inUnit(uint(24), 's'),
  alarmIntervalMin: inUnit(uint(8), 'min'),
  alarmMinMm: centimetres,
  alarmMaxMm: centimetres,
  interrupt: uint(8),
});

const sensorModels = {
  lmds200: 0x0c,
  ds20l: 0x21,
  'dds04-lb': 0x23,
  'lds12-lb': 0x24,
  'dds75-lb': 0x27,
  'mds200-lb': 0x2b,
} as const;
const bands = {
  eu868: 1,
  us915: 2,
  in865: 3,
  au915: 4,
  kz865: 5,
  ru864: 6,
  as923: 7,
  'as923-1': 8,
  'as923-2': 9,
  'as923-3': 10,
  cn470: 11,
  eu433: 12,
  kr920: 13,
  ma869: 14,
  'as923-4': 15,
} as const;
/** Three nibbles: 0x142 is 1.4.2. */
const firmware: Part<string> = {
  bits: 12,
  read: (raw) => `${raw >> 8}.${(raw >> 4) & 15}.${raw & 15}`,
  write(value) {
    const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(value)?.slice(1).map(Number);
    return numbers?.every((n) => n < 16) ? numbers[0]! * 256 + numbers[1]! * 16 + numbers[2]! : undefined;
  },
  show: String,
  sample: (dice) => firmware.read(uint(12).sample(dice))!,
  takes: 'three numbers below 16 with dots between',
};
const statusHead = {
  sensorModel: oneOfOrUnknown(8, sensorModels),
  _spare: spare(4),
  firmware,
  band: oneOfOrUnknown(8, bands),
  /** 255: the band has none. */
  subBand: uint(8),
};
export const deviceStatus = layout({ ...statusHead, batteryV: volts(16) });
/** The vendor's decoder of the DS20L reads the battery one byte later and calls the byte before it the alarm. */
export const longDeviceStatus = layout({ ...statusHead, alarm: uint(8), batteryV: volts(16) });

const recordFlags = { noAcknowledgement: flag, _flags: spare(5), interruptLevel: flag, interrupt: flag };
const datalog = <const I extends Parameters<typeof layout>[0]>(item: I) =>
  withList({ head: {}, list: 'records', item });
/**
 * Port 3: records of eleven bytes that end with their time. The vendor's decoders print them without naming the columns;
 * those of DDS75-LB and MDS200-LB are the fields of an uplink in the same order. Of their flags the bits 0, 1 and 6 are
 * printed, nameless. A record of a DDS04-LB has room for three of its four heads.
 */
export const oneHeadDatalog = datalog({
  batteryV: volts(16),
  distanceMm: millimetres,
  temperatureC: tenths,
  flags: uint(8),
  unixS: unixTime,
});
export const radarDatalog = datalog({
  batteryV: volts(16),
  closestMm: centimetres,
  nextMm: centimetres,
  flags: uint(8),
  unixS: unixTime,
});
export const fourHeadsDatalog = datalog({
  ...recordFlags,
  distance1Mm: millimetres,
  distance2Mm: millimetres,
  distance3Mm: millimetres,
  unixS: unixTime,
});
export const lidarDatalog = datalog({
  ...recordFlags,
  _spare: spare(8),
  distanceMm: millimetres,
  signalStrength: uint(16),
  lidarTemperatureC,
  unixS: unixTime,
});
/** Port 6 of a DDS75-LB: distances of its detect mode, one after the other. */
export const detection = withList({ head: {}, list: 'distances', item: { distanceMm: millimetres } });

/** The firmware makes less than this into this. */
export const leastIntervalS = 6;
const seconds = inUnit(uint(24), 's');
const interval: Part<number> = {
  ...seconds,
  write: (value) => (value < leastIntervalS ? undefined : seconds.write(value)),
  sample: (dice) => leastIntervalS + Math.floor(dice.next() * 86_400),
  takes: `a whole number from ${leastIntervalS} to 16777215 (s)`,
};
/**
 * Commands that all nodes with Dragino's stack DR-LWS-005 and later take, on any port: Dragino wiki, "End Device AT
 * Commands and Downlink Commands"; their lengths as the published firmware of the LSN50 compares them. That firmware takes
 * 0501 where the wiki writes 05000001.
 */
export const commands = {
  setInterval: layout({ _code: constant(8, 0x01), intervalS: interval }),
  reboot: layout({ _code: constant(16, 0x04ff) }),
  restoreFactory: layout({ _code: constant(16, 0x04fe) }),
  setConfirmation: layout({ _code: constant(8, 0x05), mode: oneOf(8, ['unconfirmed', 'confirmed']) }),
  setInterrupt: layout({
    _code: constant(24, 0x06_0000),
    mode: oneOf(8, ['off', 'both-edges', 'falling-edge', 'rising-edge']),
  }),
  setPowerTime: layout({ _code: constant(8, 0x07), powerMs: inUnit(uint(16), 'ms') }),
};

/** How the DS18B20 counts: old firmware in tenths, new in hundredths of a degree; the payload does not say. */
export const temperatureOptions = z.strictObject({ temperatureScale: z.enum(['tenths', 'hundredths']).optional() });
/** A radar that is known to count in millimetres says so. */
export const radarOptions = z.strictObject({ distanceUnit: z.enum(['cm', 'mm']).optional() });
