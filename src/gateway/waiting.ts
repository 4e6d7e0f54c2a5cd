/** Resolves when nothing is underway any more, what was added meanwhile included. */
export const drained = async (underway: ReadonlySet<Promise<unknown>>): Promise<void> => {
  while (underway.size > 0) await Promise.all(underway);
};

/** Waits for `work`, at most `ms`. */
export const bounded = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
};
