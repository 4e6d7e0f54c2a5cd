// The names of closed files: `events.jsonl` becomes `events-2026-11-25T00-00-00Z.jsonl`, by the instant of its end.
import { isoFromUs, usFromIso, usPerSecond, type Us } from '../../base/time.js';

/** A file's name in two parts, so that a stamp fits between them: `events` and `.jsonl`. */
const parts = (name: string): readonly [stem: string, end: string] => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
};

/** The name of a closed file. Colons are no characters for names of files everywhere. */
export const closedName = (name: string, atUs: Us): string => {
  const [stem, end] = parts(name);
  return `${stem}-${isoFromUs(atUs).slice(0, 19).replaceAll(':', '-')}Z${end}`;
};

/** A name that is not taken yet: where two files end in one second, the later one says the next. */
export const freeName = (name: string, atUs: Us, taken: ReadonlySet<string>): string => {
  for (let us = atUs; ; us += usPerSecond) {
    const free = closedName(name, us);
    if (!taken.has(free) && !taken.has(`${free}.gz`)) return free;
  }
};

/** A closed file. */
export interface Closed {
  readonly name: string;
  readonly atUs: Us;
  readonly packed: boolean;
}

/** What a name in the folder says of a closed file of `name`; undefined when it is none. */
export const closedOf = (found: string, name: string): Closed | undefined => {
  const [stem, end] = parts(name);
  const packed = found.endsWith('.gz');
  const plain = packed ? found.slice(0, -3) : found;
  if (!plain.startsWith(`${stem}-`) || !plain.endsWith(`Z${end}`)) return undefined;
  const stamp = plain.slice(stem.length + 1, plain.length - end.length);
  const atUs = usFromIso(stamp.replace(/T(\d\d)-(\d\d)-(\d\d)Z$/, 'T$1:$2:$3Z'));
  // A date such as the 31st of February is read as another one.
  return atUs !== undefined && closedName(name, atUs) === plain ? { name: found, atUs, packed } : undefined;
};
