import type { Codec } from '../../../src/codec/codec.js';
import { layout } from '../../../src/codec/layout.js';
import { flag, oneOfOrUnknown, restBytes, spare, uint, version, type Part } from '../../../src/codec/parts.js';
import { reshape } from '../../../src/codec/reshape.js';
import type { Reading, RestartCause } from '../../../src/codec/sensor.js';

/** One bit says it all; the seven above it mean nothing, or something else in each message. */
export const occupancy = { _spare: spare(7), occupied: flag } as const;

/** Reset causes of the fourth generation; the third counts otherwise. */
export const g4Causes = {
  rejoin: 0,
  watchdog: 1,
  'power-on': 2,
  request: 3,
  brownout: 6,
  other: 7,
} as const satisfies Partial<Record<RestartCause, number>>;

/** Firmware, major first, and the reset cause: a start-up message begins with them. */
export const startupHead = <const C extends string>(causes: Readonly<Record<C, number>>) => ({
  firmware: version,
  resetCause: oneOfOrUnknown(8, causes),
});

export const startupReading = (message: { readonly firmware: string; readonly resetCause: string }): Reading => ({
  firmware: message.firmware,
  restart: message.resetCause.startsWith('unknown-') ? 'other' : (message.resetCause as RestartCause),
});

/** Debug codes of the fourth generation (Nwave guide, section 4.2.5): what they mean, and whether that is a complaint. */
const debugCodes: Readonly<Record<number, readonly [meaning: string, fault?: string]>> = {
  404: ['calibration is done'],
  805: ['configuration was already active'],
  899: ['command not understood, or its configuration cannot be used', 'command-refused'],
};
const code: Part<number> = {
  ...uint(16),
  show: (value) => `${value} (${debugCodes[value]?.[0] ?? 'in no public table'})`,
};

/** Port 6: a code and what belongs to it, such as one byte behind 404. */
export const debug = layout({ code, parameters: restBytes });

export const debugReadings = (message: { readonly code: number }): readonly Reading[] => {
  const fault = debugCodes[message.code]?.[1];
  return fault === undefined ? [] : [{ fault }];
};

/** From here on a duration is only known to be at least so long. */
const endlessMin = 660;
/** Steps of the compressed duration: from which number on, from how many minutes on, how many minutes each. */
const steps = [
  { from: 120, min: 240, each: 60 },
  { from: 90, min: 90, each: 5 },
  { from: 0, min: 0, each: 1 },
] as const;

const stepOf = (minutes: unknown) =>
  typeof minutes === 'number' ? steps.find(({ min }) => minutes >= min) : undefined;

/**
 * Seven bits for minutes: to the minute up to 89, then in steps of 5, from 240 on in steps of 60, and 127 for anything from
 * 660 on. The value is the least duration; what falls between two steps cannot be said.
 */
export const compressedMin: Part<number> = {
  ...uint(7),
  read(raw) {
    if (raw === 127) return endlessMin;
    const { from, min, each } = steps.find((step) => raw >= step.from)!;
    return min + (raw - from) * each;
  },
  write(value) {
    if (value === endlessMin) return 127;
    const step = stepOf(value);
    if (!step || !(value < endlessMin)) return undefined;
    const raw = step.from + (value - step.min) / step.each;
    return Number.isInteger(raw) ? raw : undefined;
  },
  show: (value) => `at least ${value} min`,
  sample: (dice) => compressedMin.read(uint(7).sample(dice))!,
  takes: '0 to 89, 90 to 235 in steps of 5, 240 to 600 in steps of 60, or 660 (minutes)',
};

/** What whole minutes were compressed from, at most; nothing for 660, which has no end. */
export const mostMin = (leastMin: number): number | undefined => {
  const step = stepOf(leastMin);
  return step && leastMin < endlessMin ? leastMin + step.each - 1 : undefined;
};
/** The least duration that stands for this one on the air. */
export const compressed = (minutes: number): number => {
  const { min, each } = stepOf(minutes) ?? steps[2];
  return Math.min(endlessMin, min + Math.floor((minutes - min) / each) * each);
};

type Least = { readonly previousLeastMin: number };
/** `M` with the upper end of the duration, which nobody needs to say when a message is made. */
export type WithMost<M> = M & { readonly previousMostMin?: number };

/**
 * Adds the upper end of the previous state's duration. The true one may be a minute longer, since whole minutes are
 * counted, and longer by what the frame took through the air.
 */
export const withMost = <M extends Least>(codec: Codec<M>): Codec<WithMost<M>> =>
  reshape(codec, {
    to: (message): WithMost<M> => {
      const previousMostMin = mostMin(message.previousLeastMin);
      return previousMostMin === undefined ? message : { ...message, previousMostMin };
    },
    from: ({ previousMostMin, ...message }) =>
      previousMostMin === undefined || previousMostMin === mostMin(message.previousLeastMin)
        ? (message as unknown as M)
        : undefined,
    takes: 'a previousMostMin that belongs to previousLeastMin, or none',
  });
