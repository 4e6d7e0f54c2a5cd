/** What comes, in order, for whoever waits for it: tests on real sockets wait for letters, never for time. */
export interface Mailbox<T> {
  put(letter: T): void;
  /** The next letter; waits for it. */
  next(): Promise<T>;
  /** How many lie there unread. */
  readonly size: number;
}

export const mailbox = <T>(): Mailbox<T> => {
  const letters: T[] = [];
  const readers: ((letter: T) => void)[] = [];
  return {
    put(letter) {
      const reader = readers.shift();
      if (reader) reader(letter);
      else letters.push(letter);
    },
    next: () =>
      letters.length > 0 ? Promise.resolve(letters.shift()!) : new Promise((resolve) => readers.push(resolve)),
    get size() {
      return letters.length;
    },
  };
};
