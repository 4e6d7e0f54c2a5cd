import { whole, type Dice } from '../base/dice.js';
import { fromHex, toHex } from '../base/hex.js';
import { fail } from '../base/problem.js';
import { ok } from '../base/result.js';
import type { Codec, Field } from './codec.js';
import { strangeField } from './strange.js';

/** A stretch of an ASCII payload. */
export interface Piece<T> {
  /** A number of characters, whatever is left, or as many as a pattern that begins with ^ takes. */
  readonly length: number | 'rest' | RegExp;
  /** The value of the characters; undefined when they are not of this format. */
  read(text: string): T | undefined;
  write(value: T): string | undefined;
  readonly takes: string;
  readonly unit?: string;
  sample(dice: Dice): T;
}

/** Characters that say which message it is: one of these. */
export const letter = <const L extends string>(...letters: readonly L[]): Piece<L> => ({
  length: letters[0]!.length,
  read: (text) => letters.find((one) => one === text),
  write: (value) => letters.find((one) => one === value),
  takes: letters.join(' or '),
  sample: (dice) => letters[whole(dice, 0, letters.length - 1)]!,
});

/** `0` or `1`. */
export const zeroOne: Piece<boolean> = {
  length: 1,
  read: (text) => (text === '0' ? false : text === '1' ? true : undefined),
  write: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : undefined),
  takes: 'true or false',
  sample: (dice) => dice.next() < 0.5,
};

/**
 * A decimal number: `before` digits, a point, `after` digits; with a sign when `signed`. `loose` is for a format of which
 * only some numbers are published: one to three digits before the point are read, `before` are written.
 */
export const decimal = (shape: {
  readonly before: number;
  readonly after: number;
  readonly signed?: boolean;
  readonly loose?: boolean;
  readonly unit: string;
}): Piece<number> => {
  const { before, after, signed = false, loose = false, unit } = shape;
  const form = `${signed ? '[+-]' : ''}\\d{${loose ? '1,3' : before}}\\.\\d{${after}}`;
  const pattern = new RegExp(`^${form}$`);
  const most = 10 ** before - 10 ** -after;
  const write = (value: number): string | undefined => {
    if (!Number.isFinite(value) || Math.abs(value) > most || (!signed && value < 0)) return undefined;
    const digits = Math.abs(value)
      .toFixed(after)
      .padStart(before + 1 + after, '0');
    return signed ? `${value < 0 ? '-' : '+'}${digits}` : digits;
  };
  return {
    length: loose ? new RegExp(`^${form}`) : (signed ? 1 : 0) + before + 1 + after,
    // Adding 0 turns the -0 of "-00.0" into 0.
    read: (text) => (pattern.test(text) ? Number(text) + 0 : undefined),
    write,
    takes: `a number up to ${most}${signed ? ', positive or negative,' : ''} with ${after} digits after the point`,
    unit,
    sample: (dice) => Number(write((dice.next() * 2 - (signed ? 1 : 0)) * (signed ? most : most / 2))) + 0,
  };
};

/** The rest of the payload as text of a pattern. */
export const restText = (pattern: RegExp, takes: string, sample: (dice: Dice) => string): Piece<string> => ({
  length: 'rest',
  read: (text) => (pattern.test(text) ? text : undefined),
  write: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
  takes,
  sample,
});

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** Raw bytes between the text, as hexadecimal digits. */
export const rawBytes = (count: number): Piece<string> => ({
  length: count,
  read: (text) => (text.length === count ? toHex(Uint8Array.from(text, (c) => c.charCodeAt(0))) : undefined),
  write(value) {
    const bytes = typeof value === 'string' ? fromHex(value) : undefined;
    return bytes?.ok && bytes.value.length === count ? latin(bytes.value) : undefined;
  },
  takes: `${2 * count} hexadecimal digits`,
  sample: (dice) => toHex(Uint8Array.from({ length: count }, () => whole(dice, 0, 255))),
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- pieces of many types, each known by its name
type Pieces = Readonly<Record<string, Piece<any>>>;
export type TextMessage<P extends Pieces> = {
  readonly [K in keyof P as K extends `_${string}` ? never : K]: P[K] extends Piece<infer T> ? T : never;
};

const stretch = (length: Piece<unknown>['length'], text: string, at: number): string => {
  if (length === 'rest') return text.slice(at);
  if (typeof length === 'number') return text.slice(at, at + length);
  return length.exec(text.slice(at))?.[0] ?? '';
};

/** A codec for payloads of ASCII pieces; names that start with `_` are in the text and not in the message.
 * Problems carry `at`, the byte up to which the payload was of this format. */
export const ascii = <const P extends Pieces>(pieces: P): Codec<TextMessage<P>> => {
  const fields = Object.entries(pieces) as [string, Piece<unknown>][];
  const shown = fields.map(([name]) => name).filter((name) => !name.startsWith('_'));
  const cut = (text: string): { name: string; piece: Piece<unknown>; at: number; text: string }[] => {
    let at = 0;
    return fields.map(([name, piece]) => {
      const part = stretch(piece.length, text, at);
      at += part.length;
      return { name, piece, at: at - part.length, text: part };
    });
  };
  return {
    decode(bytes) {
      const message: Record<string, unknown> = {};
      let end = 0;
      for (const { name, piece, at, text } of cut(latin(bytes))) {
        const value = piece.read(text);
        if (value === undefined)
          return fail('bad-text', {
            field: name.replace(/^_/, ''),
            value: text.replace(/[^ -~]/g, '.'),
            expected: piece.takes,
            at,
          });
        if (!name.startsWith('_')) message[name] = value;
        end = at + text.length;
      }
      return end === bytes.length
        ? ok(message as TextMessage<P>)
        : fail('too-long', { have: bytes.length, most: end, at: end });
    },
    encode(message) {
      const strange = strangeField(message, shown);
      if (strange) return strange;
      let text = '';
      for (const [name, piece] of fields) {
        const value = name.startsWith('_')
          ? piece.sample({ next: () => 0 })
          : (message as Record<string, unknown>)[name];
        const part = value === undefined ? undefined : piece.write(value);
        if (part === undefined) return fail('bad-message', { field: name, why: `expected is ${piece.takes}` });
        text += part;
      }
      return ok(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    },
    annotate: (bytes): readonly Field[] =>
      cut(latin(bytes)).map(({ name, piece, at, text }) => ({
        bit: 8 * at,
        bits: 8 * text.length,
        name: name.replace(/^_/, ''),
        value: `${String(piece.read(text))}${piece.unit ? ` ${piece.unit}` : ''}`,
      })),
    rows: fields.map(([name, piece]) => ({
      where:
        piece.length === 'rest'
          ? 'to the end'
          : typeof piece.length === 'number'
            ? `${piece.length} characters`
            : 'as long as it fits',
      name: name.startsWith('_') ? '-' : name,
      says: `${piece.takes}${piece.unit ? ` (${piece.unit})` : ''}`,
    })),
    sample(dice) {
      const message: Record<string, unknown> = {};
      for (const [name, piece] of fields) if (!name.startsWith('_')) message[name] = piece.sample(dice);
      return message as TextMessage<P>;
    },
  };
};
