import type { MacMind } from './mac-state.js';

const mostWaiting = 16;

/** Hands a message to a MAC; true when too many waited and the oldest had to go. */
export const enqueue = (
  { queue, profile }: MacMind,
  { fPort, bytes }: { readonly fPort: number; readonly bytes: Uint8Array },
  how: { readonly confirmed?: boolean; readonly tries?: number },
): boolean => {
  const confirmed = how.confirmed ?? false;
  const full = queue.length >= mostWaiting;
  if (full) queue.shift();
  queue.push({ fPort, bytes, confirmed, tries: how.tries ?? (confirmed ? profile.confirmedTries : 1) });
  return full;
};
