/**
 * Who wants to be woken when: at most one appointment per key, handed out by (time, key).
 * Keys are whole numbers below `capacity`; give rows their numbers in the order of their names and ties follow the names.
 */
export interface Agenda {
  /** Makes or moves the appointment of `key`. */
  set(key: number, atUs: number): void;
  clear(key: number): void;
  /** When the next appointment is; Infinity when there is none. */
  readonly nextUs: number;
  /** Takes the next appointment out and returns its key; -1 when there is none. */
  pop(): number;
  /** When `key` is to be woken; Infinity when it has no appointment. */
  at(key: number): number;
}

/** An empty agenda for keys 0 to `capacity - 1`: a binary heap that knows where each key stands. */
export const agenda = (capacity: number): Agenda => {
  const heap = new Int32Array(capacity);
  const place = new Int32Array(capacity).fill(-1);
  const time = new Float64Array(capacity);
  let size = 0;

  const before = (a: number, b: number): boolean => time[a]! < time[b]! || (time[a] === time[b] && a < b);
  const put = (key: number, at: number): void => {
    heap[at] = key;
    place[key] = at;
  };
  const rise = (key: number, at: number): void => {
    while (at > 0) {
      const up = (at - 1) >> 1;
      const other = heap[up]!;
      if (!before(key, other)) break;
      put(other, at);
      at = up;
    }
    put(key, at);
  };
  const sink = (key: number, at: number): void => {
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && before(heap[down + 1]!, heap[down]!)) down++;
      const other = heap[down]!;
      if (!before(other, key)) break;
      put(other, at);
      at = down;
    }
    put(key, at);
  };
  const remove = (at: number): void => {
    place[heap[at]!] = -1;
    const last = heap[--size]!;
    if (at === size) return;
    sink(last, at);
    rise(last, place[last]!);
  };

  return {
    set(key, atUs) {
      time[key] = atUs;
      const at = place[key]!;
      if (at < 0) return rise(key, size++);
      sink(key, at);
      rise(key, place[key]!);
    },
    clear(key) {
      const at = place[key]!;
      if (at >= 0) remove(at);
    },
    get nextUs() {
      return size === 0 ? Infinity : time[heap[0]!]!;
    },
    pop() {
      if (size === 0) return -1;
      const key = heap[0]!;
      remove(0);
      return key;
    },
    at: (key) => (place[key]! < 0 ? Infinity : time[key]!),
  };
};
