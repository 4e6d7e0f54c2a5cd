import { fail } from '../base/problem.js';
import { ok } from '../base/result.js';
import type { BoardIdentity, Dialect, Hello, Recognised } from './dialect.js';
import { hideKeys } from './hide.js';
import { say, setBaud, useDialect, type Heard, type Script } from './script.js';

/** Who talks on a port. */
export interface Detected {
  readonly dialect: Dialect;
  readonly baud: number;
  readonly state: 'talks' | 'locked' | 'bootloader';
  readonly identity: BoardIdentity;
}

export interface DetectSetup {
  readonly dialects: readonly Dialect[];
  /** What the USB ids let one guess, likely first: asked before all others. */
  readonly likely?: readonly string[];
  /** Only at this speed. */
  readonly baud?: number;
  /** Called before each question, for progress. */
  trying?(hello: Hello): void;
}

// The order that needs no prior knowledge: the speed of most boards first, then by how many boards say it.
const usualOrder: readonly Hello[] = [
  { baud: 115_200, bytes: 'AT\r\n' },
  { baud: 115_200, bytes: 'at+version\r\n' },
  { baud: 115_200, bytes: 'AT+ChipID=?' },
  { baud: 9_600, bytes: 'AT\r\n' },
  { baud: 57_600, bytes: 'sys get ver\r\n' },
];

const usualMs = 400;

const same = (a: Hello, b: Hello): boolean => a.baud === b.baud && a.bytes === b.bytes;

/** The questions in the order in which they are put, each once. */
export const hellosOf = ({ dialects, likely = [], baud }: DetectSetup): readonly Hello[] => {
  const guessed = likely.map((id) => dialects.find((one) => one.id === id)?.hellos ?? []);
  const all = dialects.flatMap(({ hellos }) => hellos);
  const usual = usualOrder.filter((hello) => all.some((one) => same(one, hello)));
  const [first = [], ...others] = guessed;
  // What takes long waits until nobody else has answered, but for the best guess.
  const rest = [...others.flat(), ...usual, ...all].sort((a, b) => (a.withinMs ?? 0) - (b.withinMs ?? 0));
  const wanted = [...first, ...rest];
  const atBaud = baud === undefined ? wanted : wanted.map((hello) => ({ ...hello, baud }));
  return atBaud.filter((hello, i) => atBaud.findIndex((one) => same(one, hello)) === i);
};

const rank: Readonly<Record<NonNullable<Recognised>, number>> = { yes: 3, locked: 3, bootloader: 3, maybe: 1 };

/** Who recognises himself best; likely ones first among equals. */
const best = (
  { dialects, likely = [] }: DetectSetup,
  heard: Heard,
  hello: Hello | undefined,
): { readonly dialect: Dialect; readonly how: NonNullable<Recognised> } | undefined => {
  const order = [...dialects].sort((a, b) => place(likely, a.id) - place(likely, b.id));
  let found: { readonly dialect: Dialect; readonly how: NonNullable<Recognised> } | undefined;
  for (const dialect of order) {
    const how = dialect.recognise(heard, hello);
    if (how !== undefined && (!found || rank[how] > rank[found.how])) found = { dialect, how };
  }
  return found;
};
const place = (likely: readonly string[], id: string): number => (likely.includes(id) ? likely.indexOf(id) : 99);

const isText = (raw: string): boolean => {
  const good = [...raw].filter((letter) => /[\r\n\t -~]/.test(letter)).length;
  return good >= 0.9 * raw.length;
};

/**
 * Finds out who talks on a port, and what it says of itself. It opens nothing that it does not close, and changes nothing
 * on a board but the speed of our own end. Problems: `console-silent`, `console-noise`, `console-unknown`, and what the
 * board's own console says when it is asked for its name.
 */
export function* detect(setup: DetectSetup): Script<Detected> {
  const hellos = hellosOf(setup);
  const bauds = new Set<number>();
  let baud: number | undefined;
  let readable: string | undefined;
  let noisy = false;
  const byItself: string[] = [];

  for (const hello of hellos) {
    setup.trying?.(hello);
    if (hello.baud !== baud) {
      baud = hello.baud;
      bauds.add(baud);
      yield* setBaud(baud);
      // Half a command of somebody else may stand in the board's buffer, and a board that woke up talks.
      const first = yield* say('\r\n', { quietMs: 60, withinMs: 120 });
      byItself.push(...first.lines);
      // What is only likely by that is asked about: at another speed before this one noise may have become a line.
      const said = best(setup, first, { baud, bytes: '\r\n' });
      if (said && rank[said.how] > 1) return yield* meet({ ...said, baud, lines: byItself });
    }
    const heard = yield* say(hello.bytes, { quietMs: 100, withinMs: hello.withinMs ?? usualMs });
    byItself.push(...heard.lines);
    if (heard.raw !== '' && !isText(heard.raw)) noisy = true;
    else if (heard.lines.length > 0) readable ??= heard.lines[0];
    let found = best(setup, heard, hello);
    for (let tries = 0; found?.how === 'maybe' && found.dialect.confirm !== undefined && tries < 2; tries++) {
      const more = yield* say(found.dialect.confirm, { quietMs: 150, withinMs: 600 });
      byItself.push(...more.lines);
      // Together: what made it likely stays true, and another console may know the words better.
      const surer = best(setup, { lines: [...heard.lines, ...more.lines], raw: more.raw }, hello);
      if (surer && rank[surer.how] > 1) found = surer;
    }
    if (found && rank[found.how] > 1) return yield* meet({ ...found, baud, lines: byItself });
  }
  const log = best(setup, { lines: byItself, raw: byItself.join('\r\n') }, undefined);
  if (log && baud !== undefined) {
    const met = yield* meet({ ...log, baud: log.dialect.bauds[0] ?? baud, lines: byItself });
    // `OK` is the word of every modem: who says no more of itself than that is not known, unless a person named it.
    const knows = !met.ok || Object.keys(met.value.identity).length > 0 || setup.dialects.length === 1;
    if (log.how !== 'maybe' || knows) return met;
  }
  const tried = [...bauds].join(', ');
  if (readable !== undefined) return fail('console-unknown', { line: hideKeys(readable) });
  return noisy ? fail('console-noise', { bauds: tried }) : fail('console-silent', { bauds: tried });
}

interface Met {
  readonly dialect: Dialect;
  readonly how: NonNullable<Recognised>;
  readonly baud: number;
  /** All that it said since the first question. */
  readonly lines: readonly string[];
}

function* meet({ dialect, how, baud, lines }: Met): Script<Detected> {
  yield* useDialect(dialect);
  yield* setBaud(baud);
  if (how === 'locked' || how === 'bootloader') return ok<Detected>({ dialect, baud, state: how, identity: {} });
  const told = dialect.overheard?.(lines);
  if (told) return ok<Detected>({ dialect, baud, state: 'talks', identity: told });
  const identity = yield* dialect.verbs.identify();
  return identity.ok ? ok<Detected>({ dialect, baud, state: 'talks', identity: identity.value }) : identity;
}
