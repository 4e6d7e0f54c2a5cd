import { readdirSync, readFileSync } from 'node:fs';
import vectors from '../vectors/parking.json' with { type: 'json' };
import type { Vector, Words } from './words/words.js';

/** A published decode that we do not follow. */
export interface Dispute {
  readonly fPort: number;
  readonly hex: string;
  /** The fact that is disputed; `silence` where their decoder gives up and ours speaks, or the other way round. */
  readonly about: string;
  readonly why: string;
}

export const published: readonly Vector[] = vectors.vectors;

const sensors = new URL('../../devices/sensors/', import.meta.url);
/** The disputes that stand beside the examples of a model. */
export const disputesOf = (id: string): readonly Dispute[] => {
  const file = readdirSync(sensors).find((name) => name === `${id}.examples.json`);
  if (file === undefined) return [];
  const { disputed } = JSON.parse(readFileSync(new URL(file, sensors), 'utf8')) as { disputed?: readonly Dispute[] };
  return disputed ?? [];
};

const folder = new URL('./words/', import.meta.url);
/** The words of every vendor. */
export const allWords = async (): Promise<readonly Words[]> =>
  Promise.all(
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && name !== 'words.ts')
      .map(async (name) => ((await import(new URL(name, folder).href)) as { default: Words }).default),
  );

/** Port and bytes of a vector, as examples and disputes name them. */
export const keyOf = (v: Vector, defaultFPort: number): string =>
  `${v.fPort ?? defaultFPort} ${v.bytesHex!.toLowerCase()}`;
