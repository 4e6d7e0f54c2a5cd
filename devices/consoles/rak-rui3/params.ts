import { pick, whole } from '../../../src/base/dice.js';
import { fail } from '../../../src/base/problem.js';
import { ok } from '../../../src/base/result.js';
import { hexBytes, int, text, word, type Param } from '../../../src/console/params.js';

export const eui = hexBytes(8);
export const address = hexBytes(4);

/** Regions by their number in `AT+BAND`. */
export const bands = [
  ...['EU433', 'CN470', 'RU864', 'IN865', 'EU868', 'US915', 'AU915', 'KR920'],
  ...['AS923-1', 'AS923-2', 'AS923-3', 'AS923-4', 'LA915'],
] as const;

/** A region's number; the four of AS923 have a second spelling. */
export const band = word([...bands.map((_, i) => String(i)), '8-1', '8-2', '8-3', '8-4'], { exact: true });

const listForm = 'numbers joined by colons';

/** Sub-bands of eight channels, such as `1:2:3`; 0 stands for all. */
export const subBands: Param<string> = {
  form: listForm,
  read: (value) =>
    /^(?:\d|1[0-2])(?::(?:\d|1[0-2])){0,11}$/.test(value)
      ? ok(value)
      : fail('console-value', { text: value, form: listForm }),
  write: (value) => value,
  sample: (dice) => Array.from({ length: whole(dice, 1, 4) }, (_, i) => String(i * 2 + 1)).join(':'),
};

const rates = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 125, 250, 500];
const bandwidthForm = '0 to 9, or kHz in older firmware; with FSK 4800 to 467000';

/** The bandwidth of point-to-point: a number for LoRa, kHz in older firmware, Hz for FSK. */
export const bandwidth: Param<number> = {
  form: bandwidthForm,
  read(value) {
    const number = /^\d{1,6}$/.test(value) ? Number(value) : NaN;
    const fits = rates.includes(number) || (number >= 4_800 && number <= 467_000);
    return fits ? ok(number) : fail('console-value', { text: value, form: bandwidthForm });
  },
  write: (value) => String(value),
  sample: (dice) => pick(dice, rates.slice(0, 10)),
};

/** Point-to-point receiving: `P2P_RX_ON` stands alone, without the command's name. */
export const receiving = word(['P2P_RX_ON', 'P2P_RX_OFF']);

export const seconds = (least: number, most: number): Param<number> => int(least, most, 's');
/** What only a person reads. */
export const words = text(1, 512);
