import { whole } from '../../../src/base/dice.js';
import type { Codec } from '../../../src/codec/codec.js';
import { layout } from '../../../src/codec/layout.js';
import { flag, oneOfOrUnknown, spare, version, type Part } from '../../../src/codec/parts.js';
import { reshape } from '../../../src/codec/reshape.js';
import type { RestartCause } from '../../../src/codec/sensor.js';
import { debugRecord, opaqueRecord } from './debug.js';

const causes = {
  watchdog: 1,
  'power-on': 2,
  request: 3,
  'external-pin': 4,
  lockup: 5,
  brownout: 6,
  other: 7,
} as const satisfies Partial<Record<RestartCause, number>>;
type Cause = keyof typeof causes | `unknown-${number}`;

/** Up to firmware 0.29 number 4 was "other"; 0.39 split the external pin off and moved "other" to 7. */
const olderCauses: Readonly<Record<string, Cause>> = { 'external-pin': 'other', other: 'unknown-7' };
const newerCauses: Readonly<Record<string, Cause>> = { other: 'external-pin', 'unknown-7': 'other' };

const minor = (firmware: string): number => {
  const [first = 0, second = 0] = firmware.split('.').map(Number);
  return first * 256 + second;
};
/** Whether the fourth cause is still "other". */
const isOld = (firmware: string): boolean => minor(firmware) < 39;

/** From the first firmware whose debug record is understood. */
const understood: Part<string> = {
  ...version,
  read: (raw) => (raw >= 29 * 256 ? version.read(raw) : undefined),
  write: (value) => (typeof value === 'string' && minor(value) >= 29 ? version.write(value) : undefined),
  sample: (dice) => `0.${whole(dice, 29, 45)}.${whole(dice, 0, 9)}`,
  takes: `${version.takes}, from 0.29.0 on`,
};
/** Any: a user may say that a sensor is older than its frame has it. */
const any: Part<string> = { ...version, sample: (dice) => `0.${whole(dice, 18, 28)}.${whole(dice, 0, 9)}` };

/** Names the cause as the firmware beside it does. */
const named = <M extends { readonly firmware: string; readonly resetCause: Cause }>(codec: Codec<M>): Codec<M> => {
  const takes = 'a reset cause that this firmware knows';
  const rename = (message: M, names: Readonly<Record<string, Cause>>): M =>
    isOld(message.firmware) ? { ...message, resetCause: names[message.resetCause] ?? message.resetCause } : message;
  return reshape(codec, {
    to: (message) => rename(message, olderCauses),
    from: (message) =>
      typeof message.firmware !== 'string' || (isOld(message.firmware) && message.resetCause === 'external-pin')
        ? undefined
        : rename(message, newerCauses),
    takes,
  });
};

const tail = { resetCause: oneOfOrUnknown(8, causes), _spare: spare(7), occupied: flag } as const;

/** Port 3, 17 bytes: the last debug record, the firmware (major first) and why the sensor has restarted. */
export const startup = named(layout({ ...debugRecord, _reserved: spare(16), firmware: understood, ...tail }));
export const startupOpaque = named(layout({ ...opaqueRecord, _reserved: spare(16), firmware: any, ...tail }));

export const causeOf = (cause: string): RestartCause => (cause in causes ? (cause as RestartCause) : 'other');
