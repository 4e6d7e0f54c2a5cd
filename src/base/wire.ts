import type { LineSettings, LineSignals, Machine, MachineInput, MachineOut } from './machine.js';
import type { Us } from './time.js';

/** One machine on a wire, with what it is told by its owner and what it tells. */
export interface WireEnd<Event, Order> {
  readonly machine: Machine<Event, Order>;
  event?(event: Event, atUs: Us): void;
}

export interface WireOptions {
  readonly startUs?: Us;
  /** How its near end opens the line; 115200 when absent. */
  readonly line?: LineSettings;
  /** Cuts what one end sends into pieces, in order; whole when absent. An empty list loses it. */
  cut?(bytes: Uint8Array): readonly Uint8Array[];
  /** Called before each piece arrives; `true` pulls the cable instead. */
  unplug?(piece: { readonly from: 'near' | 'far'; readonly bytes: Uint8Array; readonly count: number }): boolean;
  /** How long the cable stays out before it comes back; for ever when absent. */
  readonly backAfterMs?: number;
  /** The speed of the far end's own port: at another one each end hears noise. Any when absent. */
  readonly farBaud?: () => number;
  /** Whether pieces take the time that their bits take at the line's speed; at once when absent. */
  readonly paced?: boolean;
}

export interface Wire<NearOrder, FarOrder> {
  readonly nowUs: Us;
  /** When something happens next if nobody is told anything; Infinity when never. */
  readonly nextUs: Us;
  /** Plugs the cable in: both ends hear `opened`. */
  open(): void;
  /** Pulls the cable: both ends hear `lost`. */
  unplug(): void;
  tell(order: NearOrder): void;
  tellFar(order: FarOrder): void;
  /** Runs until this instant. Throws when the two ends never come to rest. */
  advance(untilUs: Us): void;
}

/** Two ends that answer each other at once and for ever never let the clock move on. */
const mostAtOnce = 1_000_000;

/** What eight data bits look like at another speed: not what was sent, and the same each time. */
const noise = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => ((byte * 0x5b) ^ (0xa5 + i * 0x3d)) | 0x80);

interface Piece {
  readonly from: 'near' | 'far';
  readonly atUs: Us;
  readonly bytes: Uint8Array;
  readonly garbled: boolean;
}

/**
 * Joins two machines in virtual time: how a console meets its make-believe board, and how any run with a cable is repeated
 * to the byte. `near` is the host: its line settings and signals reach `far` as inputs.
 */
export const wire = <NE, NO, FE, FO>(
  near: WireEnd<NE, NO>,
  far: WireEnd<FE, FO>,
  options: WireOptions = {},
): Wire<NO, FO> => {
  let nowUs: Us = options.startUs ?? 0;
  let line: LineSettings = options.line ?? { baud: 115_200 };
  let plugged = false;
  let backUs = Infinity;
  let count = 0;
  const wakes = { near: Infinity, far: Infinity };
  const free = { near: 0, far: 0 };
  const pieces: Piece[] = [];
  /** What the ends have caused and not yet heard: a step is never entered while another one runs. */
  const soon: (() => void)[] = [];

  const send = (from: 'near' | 'far', bytes: Uint8Array): void => {
    if (!plugged || bytes.length === 0) return;
    const farBaud = options.farBaud?.();
    const garbled = farBaud !== undefined && farBaud !== line.baud;
    for (const piece of options.cut?.(bytes) ?? [bytes]) {
      if (piece.length === 0) continue;
      // Start bit, eight data bits, stop bit.
      if (options.paced) free[from] = Math.max(free[from], nowUs) + Math.ceil((piece.length * 10_000_000) / line.baud);
      pieces.push({ from, atUs: options.paced ? free[from] : nowUs, bytes: piece.slice(), garbled });
    }
  };
  const cableOut = (): void => {
    plugged = false;
    pieces.length = 0;
    if (options.backAfterMs !== undefined) backUs = nowUs + options.backAfterMs * 1000;
    soon.push(() => stepNear({ kind: 'lost' }));
    soon.push(() => stepFar({ kind: 'lost' }));
  };
  const nearOut: MachineOut<NE> = {
    bytes: (bytes) => send('near', bytes),
    line(wanted) {
      line = wanted;
      if (plugged) soon.push(() => stepFar({ kind: 'line', line: wanted }));
    },
    signals(signals: LineSignals) {
      if (plugged) soon.push(() => stepFar({ kind: 'signals', signals }));
    },
    reopen(afterMs) {
      if (plugged) cableOut();
      backUs = nowUs + afterMs * 1000;
    },
    wakeAt: (atUs) => void (wakes.near = atUs),
    event: (event) => near.event?.(event, nowUs),
  };
  const farOut: MachineOut<FE> = {
    bytes: (bytes) => send('far', bytes),
    line: () => undefined,
    signals: () => undefined,
    // A board that leaves the bus and comes back: the host loses its port.
    reopen(afterMs) {
      if (plugged) cableOut();
      backUs = nowUs + afterMs * 1000;
    },
    wakeAt: (atUs) => void (wakes.far = atUs),
    event: (event) => far.event?.(event, nowUs),
  };
  const stepNear = (input: MachineInput<NO>): void => near.machine.step(input, nowUs, nearOut);
  const stepFar = (input: MachineInput<FO>): void => far.machine.step(input, nowUs, farOut);

  const open = (): void => {
    if (plugged) return;
    plugged = true;
    backUs = Infinity;
    soon.push(() => stepFar({ kind: 'opened', line }));
    soon.push(() => stepNear({ kind: 'opened', line }));
  };

  /** The first piece on the cable: of those that are due together, the one that was sent first. */
  const firstPiece = (): number => {
    let best = -1;
    for (let i = 0; i < pieces.length; i++) if (best < 0 || pieces[i]!.atUs < pieces[best]!.atUs) best = i;
    return best;
  };
  const nextUs = (): Us => {
    if (soon.length > 0) return nowUs;
    const piece = firstPiece();
    return Math.min(wakes.near, wakes.far, backUs, piece < 0 ? Infinity : pieces[piece]!.atUs);
  };
  const turn = (): void => {
    const first = soon.shift();
    if (first) return first();
    const piece = firstPiece();
    if (piece >= 0 && pieces[piece]!.atUs <= nowUs) {
      const { from, bytes, garbled } = pieces.splice(piece, 1)[0]!;
      if (options.unplug?.({ from, bytes, count: count++ })) return cableOut();
      const arrives = { kind: 'bytes', bytes: garbled ? noise(bytes) : bytes } as const;
      return from === 'near' ? stepFar(arrives) : stepNear(arrives);
    }
    if (backUs <= nowUs) return open();
    // The far end first: what a board does at this instant its host can hear.
    if (wakes.far <= nowUs) {
      wakes.far = Infinity;
      return stepFar({ kind: 'timeout' });
    }
    wakes.near = Infinity;
    return stepNear({ kind: 'timeout' });
  };

  return {
    get nowUs() {
      return nowUs;
    },
    get nextUs() {
      return nextUs();
    },
    open,
    unplug() {
      if (plugged) cableOut();
    },
    tell: (what) => stepNear({ kind: 'order', order: what }),
    tellFar: (what) => stepFar({ kind: 'order', order: what }),
    advance(untilUs) {
      let atOnce = 0;
      for (let next = nextUs(); next <= untilUs; next = nextUs()) {
        atOnce = next > nowUs ? 0 : atOnce + 1;
        if (atOnce > mostAtOnce) throw new Error('two machines on a wire never come to rest');
        nowUs = Math.max(nowUs, next);
        turn();
      }
      nowUs = Math.max(nowUs, untilUs);
    },
  };
};
