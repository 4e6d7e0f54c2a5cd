import { whole } from '../../../src/base/dice.js';
import type { Us } from '../../../src/base/time.js';
import { ageOf } from '../../../src/codec/age.js';
import { layout } from '../../../src/codec/layout.js';
import {
  constant,
  hexBytes,
  inUnit,
  int,
  oneOfOrUnknown,
  restBytes,
  scaled,
  uint,
  yesIsOne,
  type Part,
} from '../../../src/codec/parts.js';
import type { Reading } from '../../../src/codec/sensor.js';
import { tagged } from '../../../src/codec/tagged.js';
import { framed } from './frame.js';

const percent = inUnit(uint(8), '%');

/** Anything but the 0 of a plain body. */
const encrypted: Part<number> = {
  ...uint(8),
  marks: true,
  read: (raw) => (raw === 0 ? undefined : raw),
  write: (value) => (value === 0 ? undefined : uint(8).write(value)),
  sample: (dice) => whole(dice, 1, 255),
  takes: 'a whole number from 1 to 255',
};

/** The states that both models name alike. */
export const commonStates = {
  heartbeat: 0x00,
  empty: 0x0b,
  occupied: 0x0c,
  'magnetic-interference': 0x0d,
  'low-battery': 0x0e,
  'temperature-humidity-failed': 0x11,
  'radar-failed': 0x12,
} as const;

/**
 * What an LW009 sends on port 1: a frame with a state, a frame with its parameters, a frame with other values (the tags
 * allow it, no document shows one), and a frame whose body is encrypted and so says nothing to us.
 * Values stand behind tag and length in any order; an unknown tag is kept as `tag21: '00'`.
 */
export const lw009Port = <const N extends string>(states: Readonly<Record<N, number>>) => {
  const values = tagged(
    {
      state: ['02', oneOfOrUnknown(8, states)],
      deviceType: ['03', oneOfOrUnknown(8, { 'lw009-sm': 0x85, 'lw009-ig': 0x82 })],
      // Printed as hexadecimal digits by the vendor.
      deviceVersion: ['05', hexBytes(1)],
      heartbeatS: ['06', scaled(uint(24), { factor: 30, unit: 's' })],
      sensitivity: ['22', uint(8)],
      // A byte that nobody explains, and a number of two.
      radar: ['23', hexBytes(3)],
      batteryPercent: ['24', percent],
      batteryV: ['29', scaled(uint(16), { factor: 0.001, unit: 'V' })],
      magnetic: ['25', { x: int(16), y: int(16), z: int(16) }],
      occupied: ['32', yesIsOne],
      temperatureC: ['0b', inUnit(int(8), '°C')],
      humidityPercent: ['35', percent],
    },
    { lengthBytes: 1 },
  );
  const plain = { _encryption: constant(8, 0) } as const;
  return {
    state: framed(plain, values, { carries: (m) => m.state !== undefined, what: 'a state' }),
    parameters: framed(plain, values, {
      carries: (m) => m.state === undefined && m.deviceType !== undefined,
      what: 'a device type and no state',
    }),
    values: framed(plain, values, {
      carries: (m) => m.state === undefined && m.deviceType === undefined,
      what: 'neither a state nor a device type',
    }),
    encrypted: framed({ encryption: encrypted }, layout({ body: restBytes }), { what: 'a body' }),
  } as const;
};

/** What in an LW009's frame says something about the bay. */
interface Said {
  readonly type: string;
  readonly timeS: number;
  readonly state?: string;
  readonly deviceVersion?: string;
  readonly batteryPercent?: number;
  readonly batteryV?: number;
  readonly occupied?: boolean;
  readonly temperatureC?: number;
  readonly humidityPercent?: number;
}

/** What a state says about the sensor itself, in the same words for both models. */
const faults: Readonly<Record<string, string>> = {
  'magnetic-interference': 'magnetic-interference',
  'temperature-humidity-failed': 'temperature-humidity-failed',
  'radar-failed': 'radar-failed',
  'magnetometer-fault': 'magnetometer-failed',
  'magnetometer-failed': 'magnetometer-failed',
  'magnetometer-unreadable': 'magnetometer-failed',
};

/** A state that only newer firmware knows may be a doubt as well as a greeting: it is told as it stands. */
const unknownFault = (state: string): string | undefined =>
  state.startsWith('unknown') ? `state-${state}` : undefined;

/**
 * The reading of an LW009's frame. A change says itself whether the bay is taken, and its frame was made when it happened:
 * so it has an age. In any other frame tag 32 says it, and the frame's time is no moment of the bay.
 */
export const lw009Readings = (message: Said, heardUs: Us | undefined): readonly Reading[] => {
  if (message.type === 'encrypted') return [];
  const { timeS, state, deviceVersion, batteryPercent, batteryV, temperatureC, humidityPercent } = message;
  const changed = state === 'empty' || state === 'occupied';
  const occupied = changed ? state === 'occupied' : message.occupied;
  const fault = state === undefined ? undefined : (faults[state] ?? unknownFault(state));
  const reading: Reading = {
    ...(changed && ageOf(timeS, heardUs)),
    ...(occupied !== undefined && { occupied }),
    ...(batteryV !== undefined && { batteryV }),
    ...(batteryPercent !== undefined && { batteryPercent: Math.min(100, batteryPercent) }),
    ...(state === 'low-battery' && { batteryLow: true }),
    ...(temperatureC !== undefined && { temperatureC }),
    ...(humidityPercent !== undefined && { humidityPercent }),
    ...(fault !== undefined && { fault }),
    ...(deviceVersion !== undefined && { firmware: deviceVersion }),
  };
  return Object.keys(reading).length > 0 ? [reading] : [];
};
