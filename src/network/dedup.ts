import { fifo, type Fifo } from '../base/fifo.js';
import { usPerMs, type Us } from '../base/time.js';
import type { RxFrame } from '../lorawan/radio.js';

/** ChirpStack and The Things Stack both wait this long for other gateways' copies of a frame. */
export const dedupWindowMs = 200;
/** A copy that comes within this time after the window is a late copy; after it, a retransmission. */
const lateMs = 1_000;

interface Group {
  readonly key: string;
  /** The best one first. */
  readonly hearings: RxFrame[];
  readonly closesUs: Us;
}

interface Closed {
  readonly key: string;
  readonly forgetUs: Us;
}

/** Collects the copies of a frame that several gateways heard. */
export interface Dedup {
  /** Frames whose window is open, in the order in which they came. */
  readonly open: Fifo<Group>;
  readonly byKey: Map<string, Group>;
  /** Windows closed not long ago: when to forget them, by key and in the order in which they closed. */
  readonly closed: Map<string, Us>;
  readonly closedInOrder: Fifo<Closed>;
}

export const dedup = (): Dedup => ({
  open: fifo(),
  byKey: new Map(),
  closed: new Map(),
  closedInOrder: fifo(),
});

/** When the next window closes; Infinity when none is open. */
export const nextClose = (state: Dedup): Us => state.open.first?.closesUs ?? Infinity;

/** The bytes as letters, in one piece: letter by letter V8 makes a rope of them, which takes twice as long. */
const keyOf = (phy: Uint8Array): string => String.fromCharCode.apply(null, phy as unknown as number[]);

const loudness = (rx: RxFrame): number => (rx.snrDb ?? 0) * 1000 + rx.rssiDbm;
const isBetter = (a: RxFrame, b: RxFrame): boolean => {
  const more = loudness(a) - loudness(b);
  return more > 0 || (more === 0 && a.gateway < b.gateway);
};

/** Takes one hearing: `first` opens a window, `copy` joins one, `late` came after its window had closed. */
export const hear = (state: Dedup, rx: RxFrame): 'first' | 'copy' | 'late' => {
  const key = keyOf(rx.phy);
  const group = state.byKey.get(key);
  if (group) {
    const { hearings } = group;
    // A gateway that hands the same hearing over twice (two forwarders on one radio) is still one gateway.
    if (hearings.some((other) => other.gateway === rx.gateway)) return 'copy';
    let at = hearings.length;
    while (at > 0 && isBetter(rx, hearings[at - 1]!)) at--;
    hearings.splice(at, 0, rx);
    return 'copy';
  }
  const forgetUs = state.closed.get(key);
  if (forgetUs !== undefined && rx.atUs <= forgetUs) return 'late';
  const opened: Group = { key, hearings: [rx], closesUs: rx.atUs + dedupWindowMs * usPerMs };
  state.open.push(opened);
  state.byKey.set(key, opened);
  return 'first';
};

/** Takes the next frame whose window has closed by `nowUs`: its hearings, the best one first. */
export const takeClosed = (state: Dedup, nowUs: Us): readonly RxFrame[] | undefined => {
  const { open, closed, closedInOrder } = state;
  const group = open.first;
  if (!group || group.closesUs > nowUs) return undefined;
  open.shift();
  state.byKey.delete(group.key);
  for (let old = closedInOrder.first; old && old.forgetUs < nowUs; old = closedInOrder.first) {
    closedInOrder.shift();
    // It may have closed again meanwhile.
    if (closed.get(old.key) === old.forgetUs) closed.delete(old.key);
  }
  const forgetUs = group.closesUs + lateMs * usPerMs;
  closed.set(group.key, forgetUs);
  closedInOrder.push({ key: group.key, forgetUs });
  return group.hearings;
};
