import { fail } from '../../../src/base/problem.js';
import type { Codec } from '../../../src/codec/codec.js';
import { layout, type MessageOf, type Parts } from '../../../src/codec/layout.js';
import { constant, flag, int, scaled, uint } from '../../../src/codec/parts.js';
import { reshape } from '../../../src/codec/reshape.js';

type Head<F extends Parts> = { readonly occupied: typeof flag; readonly batteryLow: typeof flag } & F & {
    readonly frameCounter: ReturnType<typeof uint>;
  };

/**
 * Frames of one generation of the sensor: byte 0 says occupied, battery and frame type, byte 1 counts frames.
 * `flags` are bits 5 and 4 of byte 0; frame types run from 0 to `last`, any other is a problem of its own and no layout.
 */
export const framesOf =
  <const F extends Parts>({ flags, last }: { readonly flags: F; readonly last: number }) =>
  <const L extends Parts>(frameType: number, fields: L): Codec<WithRawAxes<MessageOf<Head<F> & L>>> => {
    const plain = layout({
      occupied: flag,
      batteryLow: flag,
      ...flags,
      _frameType: constant(4, frameType),
      frameCounter: uint(8),
      ...fields,
    }) as unknown as Codec<MessageOf<Head<F> & L>>;
    const codec = withRawAxes(plain);
    return {
      ...codec,
      decode(bytes) {
        const value = (bytes[0] ?? 0) & 15;
        return value > last
          ? fail('bad-value', { field: 'frameType', value, expected: `a whole number from 0 to ${last}`, at: 0 })
          : codec.decode(bytes);
      },
    };
  };

/** The magnetic field in the sensor's own units: two's complement, as all editions of the technical guide say. */
export const axes = { xAxis: int(16), yAxis: int(16), zAxis: int(16) } as const;

const axisNames = ['xAxis', 'yAxis', 'zAxis'] as const;
type AxisName = (typeof axisNames)[number];
/** The same bits without a sign, as ZENNER's decoder prints them. */
export type WithRawAxes<M> = M & {
  readonly [K in AxisName as M extends Record<K, number> ? `${K}Raw` : never]?: number;
};

const rawOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? (value < 0 ? value + 0x1_0000 : value) : undefined;

/** Adds the axes without a sign to what is read; whoever makes a message need not say them, and not otherwise. */
const withRawAxes = <M extends object>(codec: Codec<M>): Codec<WithRawAxes<M>> =>
  reshape(codec, {
    to(message) {
      const raw = axisNames.flatMap((name) => {
        const value = rawOf((message as Partial<Record<AxisName, unknown>>)[name]);
        return value === undefined ? [] : [[`${name}Raw`, value] as const];
      });
      return { ...message, ...Object.fromEntries(raw) } as WithRawAxes<M>;
    },
    from(message) {
      const given = Object.entries(message);
      const signed = message as Partial<Record<string, unknown>>;
      const isRaw = (name: string): boolean => axisNames.some((axis) => name === `${axis}Raw`);
      if (given.some(([name, raw]) => isRaw(name) && raw !== undefined && raw !== rawOf(signed[name.slice(0, -3)])))
        return undefined;
      return Object.fromEntries(given.filter(([name]) => !isRaw(name))) as M;
    },
    takes: 'an axis without sign that belongs to the one with a sign, or none',
  });

/** One byte from 2800 mV in steps of 4 mV. */
export const batteryByte = scaled(uint(8), { factor: 0.004, offset: 2.8, unit: 'V' });
/** Two bytes of millivolts. */
export const batteryWord = scaled(uint(16), { factor: 0.001, unit: 'V' });

/** Bits 5 to 0 of the error frame's error byte; bits 7 and 6 are reserved. */
export const errorFlags = {
  sigfoxError: flag,
  lorawanError: flag,
  rtcError: flag,
  xAxisError: flag,
  yAxisError: flag,
  zAxisError: flag,
} as const;

/** What the sensor has used in the last 24 hours, and the number of the configuration that it works by. */
export const dailyCounts = {
  measurements: uint(16),
  sigfoxTransmissions: uint(16),
  lorawanTransmissions: uint(16),
  resets: uint(8),
  configId: uint(8),
} as const;

/**
 * The second start frame. Night mode begins at an hour and lasts some hours; sleep times, keep-alives and the radio mode
 * are numbers of options whose lists are only in the vendor's programmer, so they stay numbers.
 */
export const settings = {
  firmware: uint(8),
  nightStartHour: uint(8),
  nightHours: uint(8),
  nightSleepTime: uint(8),
  nightKeepAlive: uint(8),
  radioMode: uint(8),
  sleepTime: uint(8),
  keepAlive: uint(8),
  threshold: uint(8),
} as const;
