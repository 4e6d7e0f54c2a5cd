import type { Us } from './time.js';

// Boards, concentrators and bootloaders, real and make-believe, are one shape. What runs a machine on a cable is
// `io/drive`; what joins two of them in virtual time is `wire`.

/** How a serial line is set. */
export interface LineSettings {
  readonly baud: number;
  /** 8 when absent. */
  readonly dataBits?: 7 | 8;
  /** `none` when absent. */
  readonly parity?: 'none' | 'even' | 'odd';
  /** 1 when absent. */
  readonly stopBits?: 1 | 2;
}

/** Modem lines; what is absent stays as it is. `true` means asserted, which is a low level on a TTL adapter. */
export interface LineSignals {
  readonly dtr?: boolean;
  readonly rts?: boolean;
  readonly brk?: boolean;
}

/** What happens to a machine. `line` and `signals` come to the far end of a cable: what its host has set. */
export type MachineInput<Order = never> =
  | { readonly kind: 'opened'; readonly line: LineSettings }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The appointment of `wakeAt` has come. */
  | { readonly kind: 'timeout' }
  /** The other end is gone; `opened` follows when it is back. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'line'; readonly line: LineSettings }
  | { readonly kind: 'signals'; readonly signals: LineSignals }
  /** Whoever owns the machine wants something of it. */
  | { readonly kind: 'order'; readonly order: Order };

/** What a machine does. Everything is done in the order in which it was said. */
export interface MachineOut<Event> {
  bytes(bytes: Uint8Array): void;
  line(line: LineSettings): void;
  signals(signals: LineSignals): void;
  /** Lets go of the port and takes it again after this time; under another name if the device comes back under one. */
  reopen(afterMs: number): void;
  /** The machine's one appointment; another call moves it, Infinity calls it off. */
  wakeAt(atUs: Us): void;
  event(event: Event): void;
}

/** One end of a serial line: it holds its own state and writes into `out`, nothing else. */
export interface Machine<Event, Order = never> {
  step(input: MachineInput<Order>, nowUs: Us, out: MachineOut<Event>): void;
}

/** The order as an input. */
export const order = <Order>(what: Order): MachineInput<Order> => ({ kind: 'order', order: what });
