import { problem, type Problem } from '../../base/problem.js';
import type { Result } from '../../base/result.js';
import type { Known } from '../../console/guess.js';
import type { Holder } from '../../io/holder.js';
import type { PortInfo } from '../../io/ports.js';

/** What is where a port should be; `pty` is the end of a pseudo-terminal, `other` a device that is no serial line. */
export interface FileFacts {
  readonly kind: 'serial' | 'pty' | 'other' | 'file' | 'folder';
  readonly gid: number;
  /** Rights in the lowest nine bits. */
  readonly mode: number;
}

export interface UsbDevice {
  readonly vendorId: string;
  readonly productId: string;
  readonly name: string;
}

/** The machine that is looked at, so that tests can make one up. Nothing in it writes to a serial port. */
export interface World {
  readonly platform: string;
  readonly user: {
    readonly name: string;
    readonly uid: number | undefined;
    /** Of this login, primary one included. */
    readonly groups: readonly number[];
  };
  /** What starts this program, in words of a shell. */
  readonly self: string;
  readonly known: Known;
  /** Undefined when it is missing or may not be read. */
  readText(path: string): Promise<string | undefined>;
  look(path: string): Promise<FileFacts | undefined>;
  mayOpen(path: string): Promise<boolean>;
  processes(): Promise<readonly Holder[]>;
  ports(): Promise<readonly PortInfo[]>;
  /** What is plugged in; empty where that cannot be told. */
  usb(): Promise<readonly UsbDevice[]>;
  holder(path: string): Promise<Holder | undefined>;
  /** What comes in at this speed within that time, or until there is enough to judge. */
  listen(address: string, how: { readonly baud: number; readonly ms: number }): Promise<Result<Uint8Array>>;
  /** Why the driver does not load; undefined when it does. */
  driverFault(): Promise<string | undefined>;
  /** Why the file could not be written; undefined when it was. */
  writeText(path: string, text: string): Promise<string | undefined>;
  wait(ms: number): Promise<void>;
  stopped(): boolean;
  /** A line for the person who waits. */
  progress(text: string): void;
}

export type CheckId =
  | 'driver'
  | 'ports'
  | 'names'
  | 'device'
  | 'permission'
  | 'udev-rule'
  | 'modem-manager'
  | 'brltty'
  | 'busy'
  | 'concentrator'
  | 'speed';

export interface Finding {
  readonly check: CheckId;
  readonly state: 'ok' | 'problem' | 'warning' | 'not-here';
  /** Its sentence says what was found, its hint what helps. */
  readonly what: Problem;
  /** What to type in a shell. */
  readonly command?: string;
}

/** What is to be looked at. */
export interface Patient {
  /** The port that a person named, as it was written. */
  readonly named?: string;
  /** The ports that are looked at: the named one, or all that are there. */
  readonly ports: readonly PortInfo[];
  /** Mend what can be mended. */
  readonly fix: boolean;
}

/** One look at the machine. */
export type Check = (world: World, patient: Patient) => Promise<readonly Finding[]>;

export const notHere = (check: CheckId, why: string): Finding => ({
  check,
  state: 'not-here',
  what: problem('doctor-not-here', { check, why }),
});

/** What a shell takes as one word. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
