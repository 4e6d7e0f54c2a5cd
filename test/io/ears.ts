import { must } from '../../src/base/problem.js';
import type { Result } from '../../src/base/result.js';
import type { Link, LinkEars } from '../../src/io/link.js';

/** What a link told, in order; bytes that came together or apart are one text in Latin-1. */
export type Heard = string;

export interface Listener {
  readonly ears: LinkEars;
  readonly heard: readonly Heard[];
  /** All bytes so far, as Latin-1. */
  readonly text: string;
  readonly byteCount: number;
  /** Resolves when it is so; asks after everything that is heard. */
  until(so: () => boolean): Promise<void>;
  /** Resolves when the bytes, as Latin-1, hold this. */
  untilText(part: string): Promise<void>;
}

const json = (value: unknown): string => JSON.stringify(value).replace(/"/g, '');

/** Ears that keep what they hear, and let a test wait for it. */
export const listener = (): Listener => {
  const heard: Heard[] = [];
  const pieces: Buffer[] = [];
  let byteCount = 0;
  let waiting: (() => void)[] = [];
  const told = (what?: Heard): void => {
    if (what !== undefined) heard.push(what);
    for (const ask of waiting.slice()) ask();
  };
  const text = (): string => Buffer.concat(pieces).toString('latin1');
  const until = (so: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const ask = (): void => {
        if (!so()) return;
        waiting = waiting.filter((one) => one !== ask);
        resolve();
      };
      waiting.push(ask);
      ask();
    });
  return {
    heard,
    get text() {
      return text();
    },
    get byteCount() {
      return byteCount;
    },
    until,
    untilText: (part) => until(() => text().includes(part)),
    ears: {
      opened: (line) => told(`opened ${json(line)}`),
      bytes(bytes) {
        pieces.push(Buffer.from(bytes));
        byteCount += bytes.length;
        const last = heard.at(-1);
        const more = Buffer.from(bytes).toString('latin1');
        if (byteCount > 65_536) return told();
        if (last?.startsWith('bytes ')) {
          heard[heard.length - 1] = last + more;
          told();
        } else told(`bytes ${more}`);
      },
      lost: (why) => told(`lost ${why.code}`),
      line: (line) => told(`line ${json(line)}`),
      signals: (signals) => told(`signals ${json(signals)}`),
    },
  };
};

/** The link, started, or the test fails with its problem. */
export const started = (result: Result<Link>): Link => {
  const link = must(result);
  link.start();
  return link;
};

/** Host and port of an offered link's address. */
export const whereOf = (link: Link): { readonly host: string; readonly port: number } => {
  const { hostname, port } = new URL(link.address);
  return { host: hostname, port: Number(port) };
};

export const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
