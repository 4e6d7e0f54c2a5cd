import type { Segment } from './segments.js';

/** Which file holds the newest value of each key. */
export interface KeyIndex {
  /** Values were written to a file. */
  place(put: readonly (readonly [key: string, value: string])[], segment: Segment): void;
  forget(key: string): void;
  isIn(key: string, segment: Segment): boolean;
  /** Forgets whatever is in a file. */
  clear(segment: Segment): void;
}

/** An index that keeps the counts of each file right. */
export const keyIndex = (): KeyIndex => {
  const places = new Map<string, { readonly segment: Segment; readonly bytes: number }>();
  const forget = (key: string): void => {
    const before = places.get(key);
    if (!before) return;
    places.delete(key);
    before.segment.keys--;
    before.segment.keyBytes -= before.bytes;
  };
  return {
    place(put, segment) {
      for (const [key, value] of put) {
        forget(key);
        const bytes = key.length + value.length + 3;
        places.set(key, { segment, bytes });
        segment.keys++;
        segment.keyBytes += bytes;
      }
    },
    forget,
    isIn: (key, segment) => places.get(key)?.segment === segment,
    clear(segment) {
      if (segment.keys > 0) for (const [key, place] of places) if (place.segment === segment) forget(key);
    },
  };
};
