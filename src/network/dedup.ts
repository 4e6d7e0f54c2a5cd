import { usPerMs, type Us } from '../base/time.js';
import type { RxFrame } from '../lorawan/radio.js';

/** ChirpStack and The Things Stack both wait this long for other gateways' copies of a frame. */
export const dedupWindowMs = 200;
/** A copy that comes within this time after the window is a late copy; after it, a retransmission. */
const lateMs = 1_000;

interface Group {
  readonly key: string;
  readonly hearings: RxFrame[];
  readonly closesUs: Us;
}

/** Collects the copies of a frame that several gateways heard. */
export interface Dedup {
  /** Frames whose window is open, oldest first. */
  readonly open: Group[];
  readonly byKey: Map<string, Group>;
  /** Windows closed not long ago, oldest first: key and when to forget it. */
  readonly closed: Map<string, Us>;
}

export const dedup = (): Dedup => ({ open: [], byKey: new Map(), closed: new Map() });

/** When the next window closes; Infinity when none is open. */
export const nextClose = (state: Dedup): Us => state.open[0]?.closesUs ?? Infinity;

const keyOf = (phy: Uint8Array): string => {
  let key = '';
  for (let i = 0; i < phy.length; i++) key += String.fromCharCode(phy[i]!);
  return key;
};

/** Takes one hearing: `first` opens a window, `copy` joins one, `late` came after its window had closed. */
export const hear = (state: Dedup, rx: RxFrame): 'first' | 'copy' | 'late' => {
  const key = keyOf(rx.phy);
  const group = state.byKey.get(key);
  if (group) {
    // A gateway that hands the same hearing over twice (two forwarders on one radio) is still one gateway.
    if (!group.hearings.some((other) => other.gateway === rx.gateway)) group.hearings.push(rx);
    return 'copy';
  }
  const forgetUs = state.closed.get(key);
  if (forgetUs !== undefined && rx.atUs <= forgetUs) return 'late';
  const opened: Group = { key, hearings: [rx], closesUs: rx.atUs + dedupWindowMs * usPerMs };
  state.open.push(opened);
  state.byKey.set(key, opened);
  return 'first';
};

const loudness = (rx: RxFrame): number => (rx.snrDb ?? 0) * 1000 + rx.rssiDbm;

/** Takes the next frame whose window has closed by `nowUs`: its hearings, the best one first. */
export const takeClosed = (state: Dedup, nowUs: Us): readonly RxFrame[] | undefined => {
  const group = state.open[0];
  if (!group || group.closesUs > nowUs) return undefined;
  state.open.shift();
  state.byKey.delete(group.key);
  for (const [key, forgetUs] of state.closed) {
    if (forgetUs >= nowUs) break;
    state.closed.delete(key);
  }
  state.closed.set(group.key, group.closesUs + lateMs * usPerMs);
  return group.hearings.sort((a, b) => loudness(b) - loudness(a) || (a.gateway < b.gateway ? -1 : 1));
};
