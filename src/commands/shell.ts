import { addAbortSignal } from 'node:stream';
import { describe, hintOf, problem, StellwerkError, UsageError, type Problem } from '../base/problem.js';
import { redactText } from '../base/secrets.js';

/** The terminal or pipe that a command talks to. Data goes to stdout, talk to stderr. */
export interface Shell {
  readonly json: boolean;
  /** stdout is a terminal. */
  readonly terminal: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C, by SIGTERM, and when the reader of stdout has gone. */
  readonly stop: AbortSignal;
  /** A line of data. */
  out(line: string): void;
  /** A line for the person beside the data. */
  talk(line: string): void;
  /** Text without a line end, for live views. */
  raw(text: string): void;
  readonly paint: Paint;
  /** With `--json`: fields that stand beside `error` in its object, should the command fail after all. */
  beside(fields: Readonly<Record<string, unknown>>): void;
  /** Everything on standard input, trimmed; throws `input-empty`, `file-not-utf8`, and `input-too-long` (16 MiB). */
  readStdin(): Promise<string>;
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
}

const painter = (on: boolean): Paint => {
  const wrap = (code: number) => (text: string) => (on ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: wrap(1), dim: wrap(2), red: wrap(31), green: wrap(32) };
};

const mostInput = 16 * 1024 * 1024;

/** The text, or undefined when it has another encoding: guessed letters would end in somebody's names. */
const utf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const readStdin = async (stop: AbortSignal): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Ctrl-C must reach somebody who waits at a terminal for a text that never comes.
    for await (const chunk of addAbortSignal(stop, process.stdin) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostInput)
        throw new StellwerkError(problem('input-too-long', { from: 'standard input', most: mostInput }));
      chunks.push(chunk);
    }
  } catch (error) {
    throw stop.aborted ? new StellwerkError(problem('input-stopped', { from: 'standard input' })) : error;
  }
  const text = utf8(Buffer.concat(chunks))?.trim();
  if (text === undefined) throw new StellwerkError(problem('file-not-utf8', { file: 'standard input' }));
  if (text === '') throw new StellwerkError(problem('input-empty', { from: 'standard input' }));
  return text;
};

/** A shell as `main` holds it. */
export interface ProcessShell extends Shell {
  /** What `beside` was told. */
  readonly besides: Readonly<Record<string, unknown>>;
  /** Gives the signals back to the process. */
  release(): void;
}

/** The shell of this process; colours only on a terminal and when NO_COLOR is not set (no-color.org). */
export const processShell = (json: boolean): ProcessShell => {
  const stopper = new AbortController();
  const { stdout, stderr, env } = process;
  const stop = (): void => {
    // A second Ctrl-C is meant: then the default action follows.
    release();
    stopper.abort();
  };
  const gone = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') stopper.abort();
    else throw error;
  };
  const release = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  stdout.on('error', gone);
  stderr.on('error', gone);
  const besides: Record<string, unknown> = {};
  const colour = stdout.isTTY && !json && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return {
    json,
    terminal: stdout.isTTY && !json,
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    env,
    stop: stopper.signal,
    out: (line) => void stdout.write(`${line}\n`),
    talk: (line) => void stderr.write(`${line}\n`),
    raw: (text) => void stdout.write(text),
    besides,
    beside: (fields) => void Object.assign(besides, fields),
    paint: painter(colour),
    readStdin: () => readStdin(stopper.signal),
    release,
  };
};

/** What a problem looks like for machines: `{ code, message, hint, file, line, column }`. */
export const problemJson = (what: Problem): Readonly<Record<string, unknown>> => {
  const hint = hintOf(what);
  return {
    code: what.code,
    message: redactText(describe(what)),
    ...(hint !== undefined && { hint: redactText(hint) }),
    ...(what.at && { file: what.at.file, line: what.at.line, column: what.at.column }),
  };
};

/** A hint that names each of a thousand devices helps nobody: the first few show how it goes on. */
const mostHints = 8;

/**
 * Says what went wrong and returns the exit code: 2 for wrong usage, 1 for the rest. With `--json` the error is one
 * object `{ "error": { code, message, hint } }` on stdout, so that a program reads one stream; what the command knew by
 * then stands beside it.
 */
export const complain = (error: unknown, shell: Pick<ProcessShell, 'json' | 'out' | 'talk' | 'besides'>): 1 | 2 => {
  if (!(error instanceof StellwerkError)) {
    const text = redactText(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (shell.json) shell.out(JSON.stringify({ error: { code: 'internal', message: text.split('\n')[0] } }));
    shell.talk(`stellwerk: this should not have happened; please report it:\n${text}`);
    return 1;
  }
  const all = [error.problem, ...error.others];
  if (shell.json) {
    const [first, ...others] = all.map(problemJson);
    shell.out(JSON.stringify({ error: { ...first, ...(others.length > 0 && { others }) }, ...shell.besides }));
  } else {
    for (const what of all) shell.talk(redactText(what.at ? describe(what) : `stellwerk: ${describe(what)}`));
    const hints = new Set(all.map(hintOf).filter((hint) => hint !== undefined));
    for (const hint of [...hints].slice(0, mostHints)) shell.talk(redactText(`  ${hint}`));
  }
  return error instanceof UsageError ? 2 : 1;
};
