import { blockedAgenda, type BlockedAgenda } from '../base/agenda.js';
import type { Us } from '../base/time.js';
import { wideAgenda } from '../base/wide-agenda.js';

/**
 * Appointments of one row, in the order in which they are kept when they fall together: a frame leaves the air before its
 * sender's MAC moves on.
 */
export const slots = { air: 0, mac: 1, car: 2, boot: 3, sensor: 4 } as const;
export const slotsPerRow = 8;

/**
 * From so many devices on a heap of all appointments is slower than lists of seconds. Where nobody answers devices do not
 * hear each other, and so many live through a step one after the other before the next ones do: a cache holds their state.
 */
const blockRows = 5_000;

/** The agenda of a fleet. */
export const appointments = (rows: number, { unanswered }: { readonly unanswered: boolean }): BlockedAgenda => {
  const keys = rows * slotsPerRow;
  if (unanswered) return blockedAgenda(keys, blockRows * slotsPerRow);
  return rows > blockRows ? wideAgenda(keys) : blockedAgenda(keys, Math.max(1, keys));
};

/** Keeps everything until an instant, one block after the other. */
export const keepBlocks = (due: BlockedAgenda, untilUs: Us, keep: (key: number, us: Us) => void): void => {
  for (let block = 0; block < due.blocks; block++)
    for (let us = due.nextIn(block); us <= untilUs; us = due.nextIn(block)) keep(due.popIn(block), us);
};
