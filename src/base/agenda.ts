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

/** Several agendas in one: keys `block * size` to `(block + 1) * size - 1` are one of them. */
export interface BlockedAgenda extends Agenda {
  readonly blocks: number;
  nextIn(block: number): number;
  popIn(block: number): number;
}

/** An empty agenda for keys 0 to `capacity - 1`. */
export const agenda = (capacity: number): Agenda => blockedAgenda(capacity, Math.max(1, capacity));

/** A binary heap for each block of keys that knows where each key stands. */
export const blockedAgenda = (capacity: number, size: number): BlockedAgenda => {
  const blocks = Math.max(1, Math.ceil(capacity / size));
  const heap = new Int32Array(capacity);
  /** Where a key stands, from the beginning of its block; -1 where it has no appointment. */
  const place = new Int32Array(capacity).fill(-1);
  const time = new Float64Array(capacity);
  const sizes = new Int32Array(blocks);

  const before = (a: number, b: number): boolean => time[a]! < time[b]! || (time[a] === time[b] && a < b);
  const rise = (key: number, from: number, start: number): void => {
    let at = start;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const other = heap[from + up]!;
      if (!before(key, other)) break;
      heap[from + at] = other;
      place[other] = at;
      at = up;
    }
    heap[from + at] = key;
    place[key] = at;
  };
  const sink = (key: number, from: number, start: number): void => {
    const count = sizes[from / size]!;
    let at = start;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= count) break;
      if (down + 1 < count && before(heap[from + down + 1]!, heap[from + down]!)) down++;
      const other = heap[from + down]!;
      if (!before(other, key)) break;
      heap[from + at] = other;
      place[other] = at;
      at = down;
    }
    heap[from + at] = key;
    place[key] = at;
  };
  const remove = (block: number, at: number): void => {
    const from = block * size;
    place[heap[from + at]!] = -1;
    const count = --sizes[block]!;
    const last = heap[from + count]!;
    if (at === count) return;
    sink(last, from, at);
    rise(last, from, place[last]!);
  };
  const nextIn = (block: number): number => (sizes[block] === 0 ? Infinity : time[heap[block * size]!]!);
  const popIn = (block: number): number => {
    if (sizes[block] === 0) return -1;
    const key = heap[block * size]!;
    remove(block, 0);
    return key;
  };
  /** The block whose next appointment is the first of all. */
  const first = (): number => {
    let best = 0;
    for (let block = 1; block < blocks; block++) if (nextIn(block) < nextIn(best)) best = block;
    return best;
  };

  return {
    blocks,
    nextIn,
    popIn,
    set(key, atUs) {
      const block = Math.floor(key / size);
      const from = block * size;
      time[key] = atUs;
      const at = place[key]!;
      if (at < 0) return rise(key, from, sizes[block]!++);
      sink(key, from, at);
      rise(key, from, place[key]!);
    },
    clear(key) {
      const at = place[key]!;
      if (at >= 0) remove(Math.floor(key / size), at);
    },
    get nextUs() {
      return nextIn(first());
    },
    pop: () => popIn(first()),
    at: (key) => (place[key]! < 0 ? Infinity : time[key]!),
  };
};
