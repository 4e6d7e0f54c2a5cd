import { layout } from '../../../src/codec/layout.js';
import { constant, flag, hexBytes, oneOf, spare, type Part } from '../../../src/codec/parts.js';
import { within } from '../../../src/codec/within.js';

const yearOfCentury = within(8, 0, 99);
/** The last two digits of a year from 2000 to 2099. */
const year: Part<number> = {
  ...yearOfCentury,
  read: (raw) => (raw > 99 ? undefined : 2000 + raw),
  write: (value) => yearOfCentury.write(value - 2000),
  sample: (dice) => 2000 + yearOfCentury.sample(dice),
  takes: 'a year from 2000 to 2099',
};

/**
 * The answer to the first start frame: the time of day, in plain binary numbers (user manual, page 59). Its last two
 * bytes are empty, which also tells it from a configuration: there they hold the time.
 */
export const setClock = layout({
  year,
  month: within(8, 1, 12),
  day: within(8, 1, 31),
  dayOfWeek: oneOf(8, ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']),
  hour: within(8, 0, 23),
  minute: within(8, 0, 59),
  _empty: constant(16, 0),
});

/**
 * The answer to the daily frame (user manual, pages 58 to 61): six bytes of settings that the vendor's service hands out
 * and the manual does not take apart (the first is the configuration's number, the second the threshold, by its
 * example), the time, whether daily frames are wanted, and whether to start anew.
 */
export const setConfiguration = layout({
  settings: hexBytes(6),
  _spare: spare(3),
  hour: within(5, 0, 23),
  dailyFrame: flag,
  reset: flag,
  minute: within(6, 0, 59),
});
