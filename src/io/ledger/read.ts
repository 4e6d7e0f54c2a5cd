import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import { whyOf } from '../disk.js';
import { batchesOf, type Segment } from './segments.js';
import type { LogFiles } from '../log-files.js';

/** An item of a ledger's queue. */
export interface Item {
  readonly number: number;
  readonly text: string;
}

/** So many readers may go on where they were. */
const mostPlaces = 16;

/** Reads items in order; whoever goes on where an earlier call ended is not made to search. */
export const itemReader = (setup: {
  readonly files: LogFiles;
  segments(): readonly Segment[];
}): { read(from: number, most: number): Promise<Result<readonly Item[]>> } => {
  /** Where the batch stands that holds an item of this number, or the next one. */
  const places = new Map<number, { readonly segment: number; readonly at: number }>();

  const remember = (number: number, place: { readonly segment: number; readonly at: number }): void => {
    places.delete(number);
    places.set(number, place);
    if (places.size > mostPlaces) places.delete(places.keys().next().value!);
  };

  /** Reads on in one segment; whether there is room for more. */
  const readIn = async (
    segment: Segment,
    wanted: { readonly from: number; readonly most: number },
    into: Item[],
  ): Promise<boolean> => {
    const known = places.get(wanted.from);
    let at = known?.segment === segment.number ? known.at : 0;
    const file = await setup.files.open(segment.path);
    try {
      for await (const { batch, next } of batchesOf(file, at, segment.bytes)) {
        for (const [i, text] of batch.items.entries()) {
          const number = batch.first + i;
          if (number < wanted.from) continue;
          if (into.length === wanted.most) {
            remember(number, { segment: segment.number, at });
            return false;
          }
          into.push({ number, text });
        }
        at = next;
      }
      remember(segment.end, { segment: segment.number, at });
    } finally {
      await file.close().catch(() => undefined);
    }
    return into.length < wanted.most;
  };

  return {
    async read(from, most) {
      const items: Item[] = [];
      try {
        for (const segment of setup.segments()) {
          if (segment.end <= from) continue;
          if (!(await readIn(segment, { from, most }, items))) break;
        }
      } catch (error) {
        return fail('file-unreadable', { file: "the store's files", why: whyOf(error) });
      }
      return ok(items);
    },
  };
};
