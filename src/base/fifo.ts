/** A queue: what came first leaves first. Both ends take the same short time however long it is. */
export interface Fifo<T> {
  readonly length: number;
  /** What leaves next; undefined when it is empty. */
  readonly first: T | undefined;
  push(item: T): void;
  shift(): T | undefined;
}

/** So many places in front stand empty before the rest moves up. */
const mostEmpty = 1_024;

/** An empty queue. An array's own `shift` moves all that is left once there are some ten thousand. */
export const fifo = <T>(): Fifo<T> => {
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    get length() {
      return items.length - head;
    },
    get first() {
      return items[head];
    },
    push: (item) => void items.push(item),
    shift() {
      const item = items[head];
      if (head === items.length) return undefined;
      items[head++] = undefined;
      if (head === items.length) {
        items.length = 0;
        head = 0;
      } else if (head > mostEmpty && 2 * head > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
};
