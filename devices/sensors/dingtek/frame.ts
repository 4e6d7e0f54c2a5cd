import { whole } from '../../../src/base/dice.js';
import { constant, hexBytes, inUnit, int, scaled, spare, uint, type Part } from '../../../src/codec/parts.js';

// The frame that Dingtek's parking sensors share: 80 00, type, command, length of the whole frame, content, 81.

const commands = '1 or 2 (telemetry), 3 (parameters)';

/** The command byte of telemetry. What tells 1 from 2 is not published, so the number is kept. */
const telemetryCommand: Part<number> = {
  ...uint(8),
  marks: true,
  read: (raw) => (raw === 1 || raw === 2 ? raw : undefined),
  write: (value) => (value === 1 || value === 2 ? value : undefined),
  sample: (dice) => whole(dice, 1, 2),
  takes: commands,
};

/** No mark: with a wrong length something else stands where the end should be. */
const end: Part<number> = {
  ...uint(8),
  read: (raw) => (raw === 0x81 ? raw : undefined),
  write: () => 0x81,
  sample: () => 0x81,
  takes: 'always 129 (0x81)',
};

/** Four bits: the vendor's decoder takes every number but 0 as an alarm; 1 is written. */
const alarm: Part<boolean> = {
  bits: 4,
  read: (raw) => raw !== 0,
  write: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  show: String,
  sample: (dice) => dice.next() < 0.5,
  takes: 'true or false',
};

const firmware: Part<string> = {
  bits: 16,
  read: (raw) => `${raw >> 8}.${raw & 255}`,
  write(value) {
    const numbers = typeof value === 'string' ? /^(\d{1,3})\.(\d{1,3})$/.exec(value)?.slice(1).map(Number) : undefined;
    return numbers?.every((n) => n < 256) ? numbers[0]! * 256 + numbers[1]! : undefined;
  },
  show: String,
  sample: (dice) => `${whole(dice, 0, 9)}.${whole(dice, 0, 99)}`,
  takes: 'two numbers below 256 with a dot between',
};

export interface FrameKind {
  readonly model: string;
  /** Byte 2. */
  readonly type: number;
}

const startOf = ({ model, type }: FrameKind) =>
  ({
    _start: { ...constant(16, 0x8000), takes: 'always 32768 (8000)' },
    _type: { ...constant(8, type), takes: `${type} (0x${type.toString(16).padStart(2, '0')}, ${model})` },
  }) as const;

const length = (bytes: number) => ({ ...constant(8, bytes), takes: `the length of the whole frame, ${bytes}` });

/** The fields in front of the telemetry's level. */
export const telemetryHead = (kind: FrameKind, bytes: number) =>
  ({ ...startOf(kind), cmd: telemetryCommand, _length: length(bytes) }) as const;

/** Alarms, battery and magnetometer; the park alarm is the sensor's word on the bay. The magnetometer's unit is not published. */
export const senses = {
  parkAlarm: alarm,
  levelAlarm: alarm,
  magnetAlarm: alarm,
  batteryAlarm: alarm,
  batteryV: scaled(uint(16), { factor: 0.01, unit: 'V' }),
  magnetX: int(16),
  magnetY: int(16),
  magnetZ: int(16),
} as const;

export const climate = { temperatureC: inUnit(int(8), '°C'), humidityPercent: inUnit(uint(8), '%') } as const;

export const telemetryTail = { frameCounter: uint(16), _reserved: spare(8), _end: end } as const;

export const parametersHead = (kind: FrameKind, bytes: number) =>
  ({
    ...startOf(kind),
    _cmd: { ...constant(8, 3), takes: commands },
    _length: length(bytes),
    firmware,
    uploadIntervalH: inUnit(uint(8), 'h'),
  }) as const;

export const minutes = inUnit(uint(8), 'min');
export const milligauss = inUnit(uint(16), 'mG');

/** Two bytes that no public document explains: kept as they are. */
export const unexplained = hexBytes(2);
export const parametersEnd = { _end: end } as const;
