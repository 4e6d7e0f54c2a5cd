import type { BlockedAgenda } from './agenda.js';

const nowhere = -1;
const inList = -2;
/** Appointments within so many microseconds lie in one list. */
const listUs = 1_000_000;
/** Lists: those of some nine hours; what is later shares them with what is sooner. */
const lists = 1 << 15;

/**
 * An agenda for very many keys. Only what comes within a second lies in a heap; the rest waits in lists, one for each second,
 * so that an appointment costs a few steps and not one for each doubling of their number. 16 bytes a key besides the heap.
 */
export const wideAgenda = (capacity: number): BlockedAgenda => {
  const time = new Float64Array(capacity).fill(Infinity);
  /** Where a key stands in the heap, or `nowhere`, or `inList`. */
  const place = new Int32Array(capacity).fill(nowhere);
  const next = new Int32Array(capacity);
  const previous = new Int32Array(capacity);
  const heads = new Int32Array(lists).fill(nowhere);
  let heap = new Int32Array(1_024);
  let size = 0;
  let listed = 0;
  /** The list that has been emptied into the heap last: what is not later belongs into the heap. */
  let opened = -Infinity;

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
  const fromHeap = (at: number): void => {
    place[heap[at]!] = nowhere;
    const last = heap[--size]!;
    if (at === size) return;
    sink(last, at);
    rise(last, place[last]!);
  };
  const intoHeap = (key: number): void => {
    if (size === heap.length) {
      const larger = new Int32Array(2 * size);
      larger.set(heap);
      heap = larger;
    }
    rise(key, size++);
  };

  const listOf = (atUs: number): number => Math.floor(atUs / listUs);
  const headOf = (list: number): number => ((list % lists) + lists) % lists;
  const intoList = (key: number, list: number): void => {
    const at = headOf(list);
    const first = heads[at]!;
    next[key] = first;
    previous[key] = nowhere;
    if (first >= 0) previous[first] = key;
    heads[at] = key;
    place[key] = inList;
    listed++;
  };
  const fromList = (key: number): void => {
    const [after, ahead] = [next[key]!, previous[key]!];
    if (ahead >= 0) next[ahead] = after;
    else heads[headOf(listOf(time[key]!))] = after;
    if (after >= 0) previous[after] = ahead;
    place[key] = nowhere;
    listed--;
  };
  const open = (list: number): void => {
    opened = list;
    for (let key = heads[headOf(list)]!; key >= 0;) {
      const after = next[key]!;
      if (listOf(time[key]!) === list) {
        fromList(key);
        intoHeap(key);
      }
      key = after;
    }
  };
  /** The earliest time in any list; only asked when the lists of a whole turn are empty of what is due in it. */
  const earliest = (): number => {
    let least = Infinity;
    for (let key = 0; key < capacity; key++) if (place[key] === inList) least = Math.min(least, time[key]!);
    return least;
  };
  /** Fills an empty heap from the next list that has something in it. */
  const refill = (): void => {
    if (opened === -Infinity) opened = listOf(earliest()) - 1;
    for (let steps = 0; size === 0 && listed > 0; steps++) {
      if (steps > lists) {
        open(listOf(earliest()));
        return;
      }
      open(opened + 1);
    }
  };
  const remove = (key: number): void => {
    const at = place[key]!;
    if (at === inList) fromList(key);
    else if (at >= 0) fromHeap(at);
  };

  const soonest = (): number => {
    if (size === 0 && listed > 0) refill();
    return size === 0 ? Infinity : time[heap[0]!]!;
  };
  const pop = (): number => {
    if (soonest() === Infinity) return nowhere;
    const key = heap[0]!;
    fromHeap(0);
    return key;
  };

  return {
    set(key, atUs) {
      const list = listOf(atUs);
      const at = place[key]!;
      if (at >= 0 && list <= opened) {
        time[key] = atUs;
        sink(key, at);
        return rise(key, place[key]!);
      }
      remove(key);
      time[key] = atUs;
      // Never: it waits for nothing.
      if (atUs === Infinity) return;
      if (list <= opened) intoHeap(key);
      else intoList(key, list);
    },
    clear: remove,
    blocks: 1,
    nextIn: soonest,
    popIn: pop,
    get nextUs() {
      return soonest();
    },
    pop,
    at: (key) => (place[key] === nowhere ? Infinity : time[key]!),
  };
};
