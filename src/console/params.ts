import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Dice } from '../base/dice.js';

/** One value in a command line: its range, how it is written and read. The table of a console is made of these. */
export interface Param<T> {
  /** For people, such as `0 to 7`, `16 hex digits`. */
  readonly form: string;
  readonly optional?: boolean;
  /** Never to be shown: keys and passwords. */
  readonly secret?: boolean;
  read(text: string): Result<T>;
  /** As the console writes and expects it. Throws nothing; out of range is `write` of a value that `read` refuses. */
  write(value: T): string;
  sample(dice: Dice): T;
}

/** What a row's values are in TypeScript: a tuple, optional ones may be undefined. */
export type Values<P extends readonly Param<never>[]> = {
  -readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never;
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyParam = Param<any>;

const bad = (text: string, form: string): Result<never> => fail('console-value', { text, form });

const between = (dice: Dice, least: number, most: number): number =>
  least + Math.min(most - least, Math.floor(dice.next() * (most - least + 1)));

/** A whole decimal number in a range, minus sign included. */
export const int = (least: number, most: number, unit = ''): Param<number> => {
  const form = `${least} to ${most}${unit === '' ? '' : ` ${unit}`}`;
  return {
    form,
    read: (text) =>
      /^[+-]?\d{1,12}$/.test(text) && Number(text) >= least && Number(text) <= most
        ? ok(Number(text))
        : bad(text, form),
    write: (value) => String(value),
    sample: (dice) => between(dice, least, most),
  };
};

/** A number with a fraction, printed with a fixed number of decimals. */
export const decimal = (least: number, most: number, decimals: number, unit = ''): Param<number> => {
  const form = `${least} to ${most}${unit === '' ? '' : ` ${unit}`}`;
  return {
    form,
    read: (text) =>
      /^[+-]?\d{1,12}(\.\d{1,9})?$/.test(text) && Number(text) >= least && Number(text) <= most
        ? ok(Number(text))
        : bad(text, form),
    write: (value) => value.toFixed(decimals),
    sample: (dice) => Number((least + dice.next() * (most - least)).toFixed(decimals)),
  };
};

/** 0 or 1. */
export const flag: Param<boolean> = {
  form: '0 or 1',
  read: (text) => (text === '0' || text === '1' ? ok(text === '1') : bad(text, '0 or 1')),
  write: (value) => (value ? '1' : '0'),
  sample: (dice) => dice.next() < 0.5,
};

/** One of some words; read without regard to case unless `exact`. */
export const word = <const W extends string>(
  words: readonly W[],
  { exact = false }: { readonly exact?: boolean } = {},
): Param<W> => {
  const form = words.join(', ');
  return {
    form,
    read(text) {
      const found = words.find((one) => (exact ? one === text : one.toLowerCase() === text.toLowerCase()));
      return found === undefined ? bad(text, form) : ok(found);
    },
    write: (value) => value,
    sample: (dice) => words[between(dice, 0, words.length - 1)]!,
  };
};

/** One of some words that are written as others, such as A, C as 0, 2. */
export const coded = <const C extends Readonly<Record<string, string>>>(codes: C): Param<keyof C & string> => {
  const names = Object.keys(codes) as (keyof C & string)[];
  const form = names.map((name) => `${codes[name]} (${name})`).join(', ');
  return {
    form,
    read(text) {
      const found = names.find((name) => codes[name] === text);
      return found === undefined ? bad(text, form) : ok(found);
    },
    write: (value) => codes[value] ?? value,
    sample: (dice) => names[between(dice, 0, names.length - 1)]!,
  };
};

export interface HexStyle {
  readonly case?: 'upper' | 'lower';
  /** Between bytes when written; read with or without. */
  readonly separator?: '' | ':' | ' ';
  readonly secret?: boolean;
}

/** Bytes as hexadecimal digits, `least` to `most` of them; the value is lower-case hex without separators. */
export const hexBytes = (least: number, most = least, style: HexStyle = {}): Param<string> => {
  const { case: letters = 'upper', separator = '' } = style;
  const form = least === most ? `${2 * least} hex digits` : `${2 * least} to ${2 * most} hex digits, an even number`;
  return {
    form,
    ...(style.secret && { secret: true }),
    read(text) {
      const digits = separator === '' ? text : text.split(separator).join('');
      const fits = /^(?:[0-9a-fA-F]{2})*$/.test(digits) && digits.length >= 2 * least && digits.length <= 2 * most;
      return fits ? ok(digits.toLowerCase()) : bad(style.secret ? '(hidden)' : text, form);
    },
    write(value) {
      const digits = letters === 'upper' ? value.toUpperCase() : value.toLowerCase();
      return separator === '' ? digits : (digits.match(/..?/g) ?? []).join(separator);
    },
    sample: (dice) =>
      Array.from({ length: between(dice, least, most) }, () =>
        between(dice, 0, 255).toString(16).padStart(2, '0'),
      ).join(''),
  };
};

/** A key: hex bytes that are never shown. */
export const key = (bytes: number, style: HexStyle = {}): Param<string> =>
  hexBytes(bytes, bytes, { ...style, secret: true });

/** Free text of a length, printable ASCII. */
export const text = (least: number, most: number, { secret = false } = {}): Param<string> => {
  const form = `${least} to ${most} characters`;
  return {
    form,
    ...(secret && { secret }),
    read: (value) =>
      /^[ -~]*$/.test(value) && value.length >= least && value.length <= most
        ? ok(value)
        : bad(secret ? '(hidden)' : value, form),
    write: (value) => value,
    sample: (dice) =>
      Array.from({ length: between(dice, least, most) }, () => 'abcXYZ019'[between(dice, 0, 8)]).join(''),
  };
};

/** The same, left out at will; only after all that must be there. */
export const optional = <T>(param: Param<T>): Param<T | undefined> => ({
  ...param,
  form: `[${param.form}]`,
  optional: true,
  read: (value) => (value === '' ? ok(undefined) : param.read(value)),
  write: (value) => (value === undefined ? '' : param.write(value)),
  sample: (dice) => (dice.next() < 0.5 ? undefined : param.sample(dice)),
});
