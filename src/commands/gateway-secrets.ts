// Where secrets lie, and what is unwise about it. Never the secrets themselves.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ReadyConfig } from '../config/load.js';

/** Something that is no error and should not stay as it is. */
export type Unwise =
  /** Secrets stand in the configuration, which is shown to people and goes into repositories; the first of them at `line`. */
  | {
      readonly event: 'config_secret_inline';
      readonly file: string;
      readonly line: number;
      readonly what: string;
    }
  /** Others than its owner may read a file with secrets in it. */
  | { readonly event: 'file_readable_by_others'; readonly file: string; readonly mode: string };

const readers = 0o077;

/** What is unwise about the secrets of a configuration; nothing in a simulation, whose keys everybody knows. */
export const unwiseSecrets = async (
  { secrets, config }: Pick<ReadyConfig, 'secrets' | 'config'>,
  from: { readonly file: string },
): Promise<readonly Unwise[]> => {
  if (config.simulation) return [];
  const found: Unwise[] = [];
  const kept = secrets.filter(({ what }) => what !== 'username');
  // A list of devices of its own is a file of keys and may be one; the configuration is none.
  const inline = kept.filter(({ file, at }) => at !== undefined && resolve(file) === resolve(from.file));
  const line = Math.min(...inline.map(({ at }) => at!.line));
  if (inline.length > 0)
    found.push({
      event: 'config_secret_inline',
      file: from.file,
      line,
      what: [...new Set(inline.map(({ what }) => what))].join(', '),
    });
  if (process.platform === 'win32') return found;
  for (const file of new Set(kept.map((one) => resolve(one.file)))) {
    const known = await stat(file).catch(() => undefined);
    if (known && (known.mode & readers) !== 0)
      found.push({ event: 'file_readable_by_others', file, mode: (known.mode & 0o777).toString(8).padStart(3, '0') });
  }
  return found;
};

/** The same in a sentence that says what to do. */
export const unwiseText = (unwise: Unwise): string =>
  unwise.event === 'config_secret_inline'
    ? `${unwise.file}:${unwise.line}: ${unwise.what} in the configuration itself: put file:PATH or env:NAME there, and the secret into a file of mode 600`
    : `${unwise.file} holds secrets and has mode ${unwise.mode}: chmod 600`;
