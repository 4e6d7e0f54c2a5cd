import { diceKey } from '../base/dice.js';
import { fail, placed, problem, type Place, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import { usPerMs, type Us } from '../base/time.js';
import { codecFile, entryNames, mostResult } from './sandbox/guest.js';
import { heapBytes, machine, type Ended, type Image, type Machine } from './sandbox/machine.js';

/** What a codec may use up. */
export interface SandboxLimits {
  /**
   * Turns of loops and calls of functions inside the engine, those of its own library included: about one for each
   * operation of a script. A usual codec needs some ten thousand.
   */
  readonly steps: number;
}

/** 20 million steps take from 50 to 150 ms. */
export const usualLimits: SandboxLimits = { steps: 20_000_000 };

/** What a codec learns of the world beside its input. */
export interface Moment {
  /** The time that its clock shows, and goes on showing. */
  readonly nowUs: Us;
  /** The same seed, the same dice. */
  readonly seed: string;
}

/**
 * A payload codec of somebody else's, behind walls: it sees the language and its input, and nothing of ours.
 * What a call gives back depends on the source, the limits, the input and the moment, and on nothing else.
 */
export interface Sandbox {
  /** Whether it has a function of TS013, or one of an older kind that stands in for it. */
  has(name: string): boolean;
  /**
   * What a function says to an input: plain data (numbers, texts, truth values, null, lists, groups), or why not. The
   * input is plain data too; a text `recvTime` in it reaches the codec as a Date.
   */
  call(name: string, input: unknown, moment: Moment): Result<unknown>;
  /** Where the codec's file declares a function: the place of what has no line of its own. */
  place(name: string): Place;
  /** Bytes that this sandbox holds. */
  readonly bytes: number;
  /** Bytes that the engine holds for all sandboxes of the process. */
  readonly engineBytes: number;
  /** Forgets the codec; it has no functions any more. */
  close(): void;
}

export interface SandboxOptions {
  readonly source: string;
  /** The name of the codec's file, for the places in problems. */
  readonly file: string;
  readonly limits?: Partial<SandboxLimits>;
}

/** A file is read once, and may be large. */
const openingFactor = 10;
const mostSource = 1 << 20;
const mostInput = 1 << 20;

/** The text without marks that editors and data sheets leave in it. */
const clean = (source: string): string => source.replace(/[\ufeff\ufffc]/g, '');

interface Told {
  readonly path?: string;
  readonly why?: string;
  readonly trace?: string;
}

type Answer = Result<unknown>;

/** Names of older servers that stand in for those of TS013. */
const olderNames: Readonly<Record<string, string>> = { decodeUplink: '|Decoder?', encodeDownlink: '|Encoder?' };

/** Where the text declares a function; its beginning when that is not to be seen. */
const declaredIn = ({ source, file }: SandboxOptions, name: string): Place => {
  const names = `(?:${name}${olderNames[name] ?? ''})`;
  const found = new RegExp(`\\bfunction\\s+${names}\\s*\\(|\\b${names}\\s*[=:(]`).exec(source);
  const before = source.slice(0, found?.index ?? 0).split('\n');
  return { file, line: before.length, column: before.at(-1)!.length + 1 };
};

/** Reads what the guest says; it is the codec's word, so nothing is taken for granted. */
const reader = ({ file, limits }: { readonly file: string; readonly limits: SandboxLimits }) => {
  const at = (what: Problem, trace: string): Problem => {
    const frame = new RegExp(`\\b${codecFile.replace('.', '\\.')}:(\\d{1,9})(?::(\\d{1,9}))?`).exec(trace);
    return frame ? placed(what, { file, line: Number(frame[1]), column: Number(frame[2] ?? 1) }) : what;
  };
  const stopped = (why: 'fuel' | 'stack' | 'engine'): Problem =>
    why === 'fuel'
      ? problem('codec-too-long', { steps: limits.steps })
      : problem(why === 'stack' ? 'codec-too-deep' : 'codec-crashed');
  const answer = (text: string): Answer => {
    let told: unknown;
    if (text.length > 4 * mostResult) return fail('codec-bad-result', { path: 'the result', why: 'it is too long' });
    try {
      told = JSON.parse(text.slice(1));
    } catch {
      return fail('codec-bad-result', { path: 'the result', why: 'it is not JSON' });
    }
    if (text.startsWith('V')) return ok(told);
    const { path, why = '', trace = '' } = (told ?? {}) as Told;
    if (text.startsWith('M')) return fail('codec-memory', { most: heapBytes });
    if (text.startsWith('D')) return fail('codec-too-deep');
    if (text.startsWith('B')) return fail('codec-bad-result', { path: String(path || 'the result'), why: String(why) });
    const syntax = /^SyntaxError: /.test(why) && /^\s*at codec\.js:/.test(trace);
    const what = syntax
      ? problem('codec-syntax', { why: why.slice(13) })
      : problem('codec-threw', { why: String(why) });
    return failed(at(what, String(trace)));
  };
  return (ended: Ended<string>): Answer => ('value' in ended ? answer(ended.value) : failed(stopped(ended.stopped)));
};

/** What was thrown out of the guest, in the guest's own words; where even that fails, memory is short. */
const thrownText = ({ context, guest }: Machine, error: Parameters<typeof context.getString>[0]): string => {
  const told = context.callFunction(guest.answerTo, context.undefined, error);
  return told.error ? 'M{}' : context.getString(told.value);
};

/** Evaluates the file and finds its functions: their names as text, or why it failed. */
const evaluate = (engine: Machine, source: string): string => {
  const { context, guest } = engine;
  const done = context.evalCode(source, codecFile, { type: 'global' });
  if (done.error) return thrownText(engine, done.error);
  done.value.dispose();
  for (const name of entryNames) {
    // A function that const or let declare is no property of the global object: only code in its scope finds it.
    const found = context.evalCode(`typeof ${name} === 'function' ? ${name} : undefined`, 'sandbox');
    if (found.error) return thrownText(engine, found.error);
    const entered = context.callFunction(guest.enter, context.undefined, context.newString(name), found.value);
    if (entered.error) return thrownText(engine, entered.error);
    found.value.dispose();
  }
  const settled = context.callFunction(guest.settle, context.undefined);
  return settled.error ? thrownText(engine, settled.error) : `V${JSON.stringify(context.getString(settled.value))}`;
};

/** The codec in a file's text, ready to be called; or the first thing that keeps it from being one, with its place. */
export const openSandbox = async (options: SandboxOptions): Promise<Result<Sandbox>> => {
  const limits = { ...usualLimits, ...options.limits };
  const read = reader({ file: options.file, limits });
  if (options.source.length > mostSource) return fail('file-too-large', { most: mostSource });
  const engine = await machine();
  const opening = { nowMs: 0, steps: openingFactor * limits.steps };
  const grown = engine.grow(opening, () => evaluate(engine, clean(options.source)));
  const answer = read('value' in grown ? { value: grown.value.did } : grown);
  if (!answer.ok) return answer;
  if (!('value' in grown)) return fail('codec-crashed');
  const names = String(answer.value).trim().split(' ').filter(Boolean);
  if (!names.includes('decodeUplink'))
    return fail('codec-no-entry', { name: 'decodeUplink', known: names.join(', ') || '(none)' });
  const place = (name: string): Place => declaredIn(options, name);
  return ok(sandbox(engine, { image: grown.value.image, names, limits, read, place }));
};

interface Opened {
  readonly image: Image;
  readonly names: readonly string[];
  readonly limits: SandboxLimits;
  readonly read: (ended: Ended<string>) => Answer;
  readonly place: Sandbox['place'];
}

const sandbox = (engine: Machine, { image, names, limits, read, place }: Opened): Sandbox => {
  const { context, guest } = engine;
  let open: Image | undefined = image;
  return {
    has: (name) => open !== undefined && names.includes(name),
    place,
    call(name, input, { nowUs, seed }) {
      if (!open || !names.includes(name))
        return fail('codec-no-entry', { name, known: open ? names.join(', ') : '(none: it is closed)' });
      const { hi, lo } = diceKey(seed, 'codec');
      const text = JSON.stringify(input ?? {});
      if (text.length > mostInput) return fail('codec-memory', { most: heapBytes });
      const moment = { nowMs: Math.floor(nowUs / usPerMs), steps: limits.steps };
      // No handle is disposed of: the next work lays the image back over all of them.
      const ended = engine.work(open, moment, () => {
        const [said, about] = [context.newString(name), context.newString(text)];
        const numbers = [context.newNumber(hi), context.newNumber(lo)];
        const done = context.callFunction(guest.run, context.undefined, said, about, ...numbers);
        return done.error ? thrownText(engine, done.error) : context.getString(done.value);
      });
      return read(ended);
    },
    get bytes() {
      return open ? open.low.length + open.high.length : 0;
    },
    get engineBytes() {
      return engine.bytes;
    },
    close() {
      open = undefined;
    },
  };
};
