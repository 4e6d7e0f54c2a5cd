/** What all virtual forwarders of one backend have on the wire together. */
export interface Traffic {
  readonly counts: { sent: number; acknowledged: number; downlinks: number };
  /** Frames and keep-alives that the server has not acknowledged. */
  readonly open: number;
  opened(count: number): void;
  closed(count: number): void;
  /** Takes a place on the wire; false when all are taken: `again` is called when one is free. */
  take(again: () => void): boolean;
  give(): void;
  /** Resolves when nothing is open, or after `withinMs` of wall time; says how much is open then. */
  quiet(withinMs: number): Promise<number>;
}

/** No more than `places` unacknowledged datagrams at a time: a loopback socket holds a few hundred, then drops. */
export const traffic = (places: number): Traffic => {
  const counts = { sent: 0, acknowledged: 0, downlinks: 0 };
  const queue = new Set<() => void>();
  const waiters = new Set<() => void>();
  let free = places;
  let open = 0;

  return {
    counts,
    get open() {
      return open;
    },
    opened(count) {
      open += count;
    },
    closed(count) {
      open -= count;
      if (open > 0) return;
      for (const resolve of waiters) resolve();
    },
    take(again) {
      if (free === 0) {
        queue.add(again);
        return false;
      }
      free--;
      return true;
    },
    give() {
      free++;
      // Whoever is called may have nothing left to send: then the place is the next one's.
      while (free > 0) {
        const [next] = queue;
        if (!next) return;
        queue.delete(next);
        next();
      }
    },
    quiet(withinMs) {
      if (open === 0) return Promise.resolve(0);
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiters.delete(done);
          resolve(open);
        };
        const timer = setTimeout(done, withinMs);
        waiters.add(done);
      });
    },
  };
};
