import { z } from 'zod';
import { problem, type Problem } from '../base/problem.js';
import type { Result } from '../base/result.js';
import { msFromSpan, usFromIso, wallClock } from '../base/time.js';
import { parseDevAddr, parseEui } from '../lorawan/ids.js';
import { carry } from './document.js';

/** A text that a parser of ours turns into something better; its problem comes out as it is. */
export const parsed = <T>(parse: (text: string) => Result<T>) =>
  z.string().transform((text, context) => {
    const result = parse(text);
    if (result.ok) return result.value;
    context.addIssue(carry(result.problem));
    return z.NEVER;
  });

const orProblem =
  <T>(read: (text: string) => T | undefined, otherwise: (text: string) => Problem) =>
  (text: string): Result<T> => {
    const value = read(text);
    return value === undefined ? { ok: false, problem: otherwise(text) } : { ok: true, value };
  };

/** `20s`, `1.5h`: milliseconds. */
export const span = parsed(orProblem(msFromSpan, (value) => problem('span-invalid', { value })));

/** An instant with its zone: microseconds. */
export const instant = parsed(orProblem(usFromIso, (value) => problem('time-invalid', { value })));

/** An IANA time zone. */
export const zone = z.string().superRefine((value, context) => {
  try {
    wallClock(value);
  } catch {
    context.addIssue(carry(problem('zone-invalid', { value })));
  }
});

export const eui = parsed((text) => parseEui(text, `"${text.slice(0, 40)}"`));
export const devAddr = parsed((text) => parseDevAddr(text, `"${text.slice(0, 40)}"`));

/** A name that becomes part of topics, files and dice: one line, not empty, not endless. */
export const name = z
  .string()
  .min(1)
  .max(100)

  .regex(/^[^\u0000-\u001f\u007f]+$/, 'expected is a name of one line');
