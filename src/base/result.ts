import type { Problem } from './problem.js';

/** A value, or the problem that stands in its place. Bad data is never an exception (DESIGN rule 3). */
export type Result<T> = Ok<T> | Failed;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failed {
  readonly ok: false;
  readonly problem: Problem;
}

/** The value, wrapped. */
export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** The problem, wrapped. */
export const failed = (problem: Problem): Failed => ({ ok: false, problem });
