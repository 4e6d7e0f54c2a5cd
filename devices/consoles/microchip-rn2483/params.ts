import { fail } from '../../../src/base/problem.js';
import { ok } from '../../../src/base/result.js';
import { word, type Param } from '../../../src/console/params.js';

const ranges = [
  [863_000_000, 870_000_000],
  [433_050_000, 434_790_000],
  // The RN2903's.
  [902_000_000, 928_000_000],
] as const;

/** A frequency of one of the bands that the modules are made for. */
export const hertz: Param<number> = {
  form: '863000000 to 870000000, 433050000 to 434790000 or, on an RN2903, 902000000 to 928000000 Hz',
  read(line) {
    const hz = /^\d{9}$/.test(line) ? Number(line) : 0;
    const fits = ranges.some(([least, most]) => hz >= least && hz <= most);
    return fits ? ok(hz) : fail('console-value', { text: line, form: hertz.form });
  },
  write: (value) => String(value),
  sample: (dice) => 863_000_000 + 100 * Math.floor(dice.next() * 70_000),
};

export const onOff = word(['on', 'off'], { exact: true });

/** Receiver bandwidths of FSK in kHz. */
const bandwidths = '250 125 62.5 31.3 15.6 7.8 3.9 200 100 50 25 12.5 6.3 3.1 166.7 83.3 41.7 20.8 10.4 5.2 2.6';
export const kHz = word(bandwidths.split(' '), { exact: true });
