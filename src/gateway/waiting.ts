/** Counts work that is underway. */
export interface Underway {
  /** Holds until the work has ended, however it ends. */
  track(work: Promise<unknown>): void;
  /** Resolves when nothing is underway any more, what was added meanwhile included. */
  drained(): Promise<void>;
}

export const underway = (): Underway => {
  let count = 0;
  const waiting: (() => void)[] = [];
  const ended = (): void => {
    if (--count > 0) return;
    // A turn later: what has ended may have begun something else.
    queueMicrotask(() => {
      if (count > 0) return;
      for (const done of waiting.splice(0)) done();
    });
  };
  return {
    track(work) {
      count++;
      work.then(ended, ended);
    },
    drained: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
};

/** Waits for `work`, at most `ms`. */
export const bounded = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
};
