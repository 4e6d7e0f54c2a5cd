import type { LineSignals } from '../base/machine.js';

/**
 * Whether opening may restart the board. `pulse` is a reset by RTS; `bootloader` is the classic sequence of ESP32 boards
 * (two transistors between DTR, RTS, EN and IO0), which leaves them in their ROM.
 */
export type ResetMode = 'never' | 'pulse' | 'bootloader';

/** What a mode does to the modem lines after opening, and how long each step is held. */
export const resetSteps = (mode: ResetMode): readonly { readonly signals: LineSignals; readonly thenMs: number }[] => {
  // Linux asserts both lines while it opens, before any program can say otherwise. Equal lines move neither EN nor IO0 of
  // an ESP32's circuit, and native USB boards only send while DTR is asserted: so both stay as they are.
  if (mode === 'never') return [{ signals: { dtr: true, rts: true }, thenMs: 0 }];
  const held = { signals: { dtr: false, rts: true }, thenMs: 100 };
  const released = { signals: { dtr: false, rts: false }, thenMs: 0 };
  return mode === 'pulse' ? [held, released] : [held, { signals: { dtr: true, rts: false }, thenMs: 50 }, released];
};
