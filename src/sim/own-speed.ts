import type { LineSettings } from '../base/machine.js';

/** A board whose port has a speed that can be changed. */
export interface OwnSpeed {
  readonly baud: number;
  /** What the host's end is set to, where that was seen. */
  readonly hostBaud: number | undefined;
  set(baud: number): void;
  /** To be called with what the host sets. */
  host(line: LineSettings): void;
  /** Whether the two ends do not understand each other. */
  readonly deaf: boolean;
  /** A text as it arrives at the host. */
  heard(text: string): string;
}

const garbled = (text: string): string =>
  String.fromCharCode(
    ...[...text].map((letter, i) => (((letter.charCodeAt(0) * 0x5b) ^ (0xa5 + i * 0x3d)) & 0xff) | 0x80),
  );

/**
 * The speed of a make-believe board's port. At its usual speed the cable looks after both ends; at another one the host
 * must have followed. A host whose speed cannot be seen, as on a pseudo-terminal, is understood at any speed.
 */
export const ownSpeed = (usual: number): OwnSpeed => {
  let baud = usual;
  let hostBaud: number | undefined;
  const deaf = (): boolean => hostBaud !== undefined && hostBaud !== baud;
  return {
    get baud() {
      return baud;
    },
    get hostBaud() {
      return hostBaud;
    },
    set: (wanted) => void (baud = wanted),
    host: (line) => void (hostBaud = line.baud),
    get deaf() {
      return deaf();
    },
    heard: (text) => (deaf() ? garbled(text) : text),
  };
};
