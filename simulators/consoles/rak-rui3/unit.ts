import type { Name } from '../../../devices/consoles/rak-rui3/table.js';
import type { CommandRow } from '../../../src/console/dialect.js';
import type { Modem } from '../../../src/sim/modem-types.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import type { BoardFacts } from './facts.js';
import type { Store } from './store.js';

/** Appointments of the firmware. */
export const slot = { start: 0, retry: 1, air: 2, window: 3, sleep: 4, pause: 5, test: 6, frame: 7 } as const;

export type Words = ReadonlyMap<string, readonly [Name, CommandRow]>;

/** What the parts of the firmware share: what it is, and what it forgets when it restarts. */
export interface Unit {
  readonly modem: Modem;
  readonly facts: BoardFacts;
  readonly store: Store;
  /** 16 hex digits. */
  readonly serial: string;
  /** Its commands by their words, in upper case. */
  readonly words: Words;
  /** Whether `AT?` explains. */
  readonly help: boolean;
  run: Run;
  /** Restarts into the firmware or the bootloader; the port is dead meanwhile. */
  restart(port: TwinPort, into: 'firmware' | 'bootloader'): void;
}

/** What does not survive a restart. */
export interface Run {
  readonly at: 'starting' | 'firmware' | 'bootloader';
  /** What the bytes on the port are for. */
  port: 'text' | 'binary' | 'data';
  asleep: 'no' | 'until-byte' | 'for-a-time';
  received: { readonly fPort: number; readonly hex: string } | undefined;
  acknowledged: boolean;
  joinStarted: boolean;
  retriesLeft: number;
  /** What `AT+PRECV` was given; 0 when it does not receive. */
  receiving: number;
  testing: 'off' | 'tone' | 'receive' | { left: number; readonly all: number };
  /** GPS and wall time are this much ahead of the board's own clock. */
  clockAheadUs: number | undefined;
}

export const newRun = (at: Run['at'], port: Run['port'] = 'text'): Run => ({
  at,
  port,
  asleep: 'no',
  received: undefined,
  acknowledged: false,
  joinStarted: false,
  retriesLeft: 0,
  receiving: 0,
  testing: 'off',
  clockAheadUs: undefined,
});

/** Whether lines may be printed: this port shows text, and is not locked. */
export const speaks = ({ run, store }: Unit): boolean =>
  run.at === 'firmware' && run.port === 'text' && run.asleep === 'no' && store.get('locked') === '0';

/** Prints a line that nobody asked for. */
export const tell = (unit: Unit, port: TwinPort, line: string): void => {
  if (speaks(unit)) port.print(`${line}\r\n`);
};

export const inLorawan = ({ store }: Unit): boolean => store.get('mode') === '1';
