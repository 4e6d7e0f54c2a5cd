import type { CommandTable, Syntax } from '../../../src/console/dialect.js';
import { hexBytes, key } from '../../../src/console/params.js';

/** All that a stock sketch reads from its port, and only while it has no licence. */
export const table = {
  licence: { word: 'CDKEY', what: 'licence of the board, made for its chip', write: [key(16)] },
  // Named by the manual; the sketches that print the number do so without being asked.
  chipId: { word: 'ChipID', what: 'number of the chip', read: [hexBytes(6)], ends: 'first' },
} as const satisfies CommandTable;

export const syntax: Syntax = {
  ask: (name) => `AT+${name}=?`,
  set: (name, values) => `AT+${name}=${values.join(',')}`,
  run: (name) => `AT+${name}`,
  value: (line, name) => (name === 'ChipID' ? /^(?:ESP32|\+)ChipID[=:]([0-9A-Fa-f]{12})$/.exec(line)?.[1] : undefined),
  separator: ',',
};
