import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { usFromIso, type Us } from '../base/time.js';
import { seenStates, type Seen } from './score.js';

/** What a consumer believed of a bay from an instant on. */
export interface View {
  readonly us: Us;
  readonly bay: string;
  readonly seen: Seen;
}

/** Reads the lines of one file; the first one decides whether it is CSV. */
export interface ViewReader {
  /** The view in a line; undefined for a header and for what says nothing of a bay. Never throws. */
  read(line: string, at: number): Result<View | undefined>;
}

const words: Readonly<Record<string, Seen>> = { freed: 'free', taken: 'occupied', null: 'unknown' };
const seenOf = (word: string): Seen | undefined => seenStates.find((one) => one === word) ?? words[word];

/**
 * Our own events as JSON lines (`simulate --events --json`, a jsonl sink), JSON lines with `time`, `bay` and `state`, or CSV
 * with those three columns in any order. `time` is ISO 8601; `state` is free, occupied or unknown.
 */
export const viewReader = (file: string): ViewReader => {
  let columns: readonly string[] | undefined;
  const bad = (at: number, why: string): Result<View | undefined> => fail('score-bad-view', { file, line: at, why });

  const from = (at: number, time: unknown, [bay, state]: readonly unknown[]): Result<View | undefined> => {
    if (typeof bay !== 'string' || bay === '') return bad(at, 'it names no bay');
    const us = typeof time === 'string' ? usFromIso(time) : undefined;
    if (us === undefined) return bad(at, 'its time is none, as in 2026-06-01T08:00:00.000Z');
    const seen = typeof state === 'string' ? seenOf(state) : undefined;
    return seen === undefined ? bad(at, 'its state is not free, occupied or unknown') : ok({ us, bay, seen });
  };

  const fromJson = (line: string, at: number): Result<View | undefined> => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return bad(at, 'it is no JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad(at, 'it is no JSON object');
    const { bay, time, state, assertedTime, occupied, kind, digest } = value as Record<string, unknown>;
    // The summary at the end of `simulate --events --json`.
    if (typeof digest === 'string' && bay === undefined) return ok(undefined);
    if (assertedTime === undefined) return from(at, time, [bay, state]);
    if (occupied !== null && typeof occupied !== 'boolean') return bad(at, 'occupied is not true, false or null');
    const seen = kind === 'lost' || occupied === null ? 'unknown' : occupied ? 'occupied' : 'free';
    return from(at, assertedTime, [bay, seen]);
  };

  return {
    read(line, at) {
      if (columns === undefined && !line.startsWith('{')) {
        const names = line.split(',').map((name) => name.trim().toLowerCase());
        const missing = ['time', 'bay', 'state'].filter((name) => !names.includes(name));
        if (missing.length > 0) return bad(at, `a CSV file begins with its columns; ${missing.join(', ')} is missing`);
        columns = names;
        return ok(undefined);
      }
      if (columns === undefined) {
        columns = [];
        return fromJson(line, at);
      }
      if (columns.length === 0) return fromJson(line, at);
      const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
      const cell = (name: string): string | undefined => cells[columns!.indexOf(name)];
      return from(at, cell('time'), [cell('bay'), cell('state')?.toLowerCase()]);
    },
  };
};
