/** Things that wait to be told, the one that changed last first; none of them twice. */
export interface NewestFirst<K> {
  /** How many wait, without those that are taken. */
  readonly size: number;
  /** How many are taken and not yet done. */
  readonly taken: number;
  has(key: K): boolean;
  /** It has changed: it comes before all others. One that is taken waits until it is done. */
  put(key: K): void;
  /** As `put`, but after all others, unless it has changed since. */
  putBack(key: K): void;
  take(): K | undefined;
  /** What was taken may be taken again. */
  done(key: K): void;
}

const tidyFrom = 1024;

/** Nothing waits yet. */
export const newestFirst = <K>(): NewestFirst<K> => {
  // The newest are at the end. A place whose key waits no more, or waits further back, is passed over.
  let line: K[] = [];
  const placeOf = new Map<K, number>();
  const taken = new Set<K>();
  /** Changed while it was taken. */
  const changed = new Set<K>();
  /** Put back: after all that are in the line. */
  const last: K[] = [];
  const waiting = new Set<K>();

  const tidy = (): void => {
    if (line.length < tidyFrom || line.length < 2 * placeOf.size) return;
    line = line.filter((key, place) => placeOf.get(key) === place);
    line.forEach((key, place) => placeOf.set(key, place));
  };

  const put = (key: K): void => {
    if (taken.has(key)) return void changed.add(key);
    waiting.add(key);
    placeOf.set(key, line.length);
    line.push(key);
    tidy();
  };

  return {
    get size() {
      return waiting.size;
    },
    get taken() {
      return taken.size;
    },
    has: (key) => waiting.has(key) || changed.has(key),
    put,
    putBack(key) {
      if (waiting.has(key) || taken.has(key)) return;
      waiting.add(key);
      last.push(key);
    },
    take() {
      for (;;) {
        const place = line.length - 1;
        const key = line.pop();
        if (key === undefined) break;
        if (placeOf.get(key) !== place) continue;
        placeOf.delete(key);
        waiting.delete(key);
        taken.add(key);
        return key;
      }
      while (last.length > 0) {
        const key = last.shift()!;
        // It may have changed meanwhile and been told by then.
        if (!waiting.has(key) || placeOf.has(key)) continue;
        waiting.delete(key);
        taken.add(key);
        return key;
      }
      return undefined;
    },
    done(key) {
      taken.delete(key);
      if (changed.delete(key)) put(key);
    },
  };
};
