import type { RunOut } from '../sim/run-types.js';

const names = ['sent', 'heard', 'car', 'delivered', 'downlink', 'device'] as const;

/** Tells several what a run tells; what none of them wants is not told, which saves making it. */
export const outTo = (outs: readonly RunOut[]): RunOut => {
  const all: Record<string, (what: never) => void> = {};
  for (const name of names) {
    const wanting = outs.filter((out) => out[name] !== undefined);
    if (wanting.length > 0) all[name] = (what) => wanting.forEach((out) => out[name]!(what));
  }
  return all;
};
