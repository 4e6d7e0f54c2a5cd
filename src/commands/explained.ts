import { toHex } from '../base/hex.js';
import { problem, type Problem } from '../base/problem.js';
import { textTable } from '../report/table.js';
import { keyVariables } from './keys.js';

/** A frame, explained as far as the keys reach. */
export interface FrameExplained {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  /** The payload in clear, when the MIC was right and the key was there. */
  readonly opened?: { readonly fPort: number; readonly payload: Uint8Array; readonly uplink: boolean };
  /** The sensor model that the keys file names for the sender. */
  readonly model?: string;
  /** Why the command fails all the same: the MIC is wrong, or a key is missing. */
  readonly failed?: Problem;
}

/** The problem that these keys are missing. */
export const need = (keys: readonly (keyof typeof keyVariables)[], frame: string): Problem =>
  problem('keys-missing', {
    need: keys.join(' and '),
    frame,
    variables: keys.map((key) => keyVariables[key]).join(', '),
  });

/** Names and values, one to a line; what is undefined is left out. */
export const rows = (pairs: readonly (readonly [string, unknown])[]): readonly string[] =>
  textTable(
    pairs.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
    { indent: '  ' },
  );

/** A MIC as it stands in the frame. */
export const micText = (mic: number): string => toHex(Uint8Array.of(mic, mic >>> 8, mic >>> 16, mic >>> 24));
