import { fail } from '../../../src/base/problem.js';
import { ok } from '../../../src/base/result.js';
import type { Param } from '../../../src/console/params.js';

/** Regions by their number in `AT+BAND`. */
export const bands = 'AS923 AU915 CN470 CN779 EU433 EU868 KR920 IN865 US915 RU864'.split(' ');

/** A region as it is answered: `5:EU868`. */
export const band: Param<string> = {
  form: 'number:name of a region',
  read: (line) =>
    bands.some((name, number) => line === `${number}:${name}`)
      ? ok(line)
      : fail('console-value', { text: line, form: band.form }),
  write: (value) => value,
  sample: () => '5:EU868',
};

/** The settings of a radio test, as `AT+TCONF` takes them. */
export interface TestSettings {
  readonly hz: number;
  readonly dbm: number;
  /** 0 to 6 for LoRa, 4 is 125 kHz; Hz for FSK. */
  readonly bandwidth: number;
  /** Spreading factor, or bits in a second. */
  readonly rate: number;
  /** 5 to 8: of 4/5 to 4/8. */
  readonly coding: number;
  readonly lna: number;
  readonly boost: number;
  readonly modulation: 'fsk' | 'lora' | 'bpsk';
  readonly bytes: number;
  readonly deviationHz: number;
  readonly lowRate: number;
  readonly shaping: number;
}

const modulations = ['fsk', 'lora', 'bpsk'] as const;
const within = (value: number, least: number, most: number): boolean => value >= least && value <= most;

/** The settings in a text; undefined when one of them is out of its range. */
export const testSettingsIn = (line: string): TestSettings | undefined => {
  const number = '(\\d{1,9})';
  const form = new RegExp(
    `^${number}:(-?\\d{1,3}):${number}:${number}:4/${number}:${number}:${number}:${number}:${number}:${number}:${number}:${number}$`,
  );
  const found = form.exec(line);
  if (!found) return undefined;
  const [freq, dbm, bandwidth, rate, coding, lna, boost, modulation, bytes, deviationHz, lowRate, shaping] = found
    .slice(1)
    .map(Number) as [number, number, number, number, number, number, number, number, number, number, number, number];
  const kind = modulations[modulation];
  if (!kind || !within(dbm, -9, 22) || lna > 1 || boost > 1 || !within(bytes, 1, 255)) return undefined;
  const fits = {
    fsk:
      within(bandwidth, 4_800, 467_000) &&
      within(rate, 600, 300_000) &&
      within(deviationHz, 600, 200_000) &&
      shaping <= 4,
    lora: bandwidth <= 6 && within(rate, 5, 12) && within(coding, 5, 8) && lowRate <= 2,
    bpsk: within(rate, 1, 1_000),
  };
  if (!fits[kind]) return undefined;
  // Below a thousand it is in MHz.
  const hz = freq < 1_000 ? freq * 1_000_000 : freq;
  return { hz, dbm, bandwidth, rate, coding, lna, boost, modulation: kind, bytes, deviationHz, lowRate, shaping };
};

/** In the form in which it can be set again. */
export const testText = (s: TestSettings): string =>
  [
    ...[s.hz, s.dbm, s.bandwidth, s.rate, `4/${s.coding}`, s.lna, s.boost, modulations.indexOf(s.modulation)],
    ...[s.bytes, s.deviationHz, s.lowRate, s.shaping],
  ].join(':');

export const testSetting: Param<string> = {
  form: 'Hz:dBm:bandwidth:SF:4/5:LNA:boost:modulation:bytes:deviation:low rate:shaping',
  read: (line) => (testSettingsIn(line) ? ok(line) : fail('console-value', { text: line, form: testSetting.form })),
  write: (value) => value,
  sample: (dice) =>
    `868${Math.floor(dice.next() * 10)}00000:14:4:${7 + Math.floor(dice.next() * 6)}:4/5:0:0:1:16:25000:2:3`,
};

/** First and last frequency, step, and how many packets. */
export const hop: Param<string> = {
  form: 'first,last,step in Hz,packets',
  read: (line) =>
    /^\d{3,9},\d{3,9},\d{1,9},\d{1,5}$/.test(line) ? ok(line) : fail('console-value', { text: line, form: hop.form }),
  write: (value) => value,
  sample: (dice) => `868000000,868600000,200000,${1 + Math.floor(dice.next() * 3)}`,
};
