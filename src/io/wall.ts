// The wall clock against our own: ours never jumps, the wall's does when somebody sets it.
import { existsSync } from 'node:fs';
import type { Us } from '../base/time.js';
import type { Clock } from './clock.js';

export interface WallTime {
  /** What has to be added to our own time. */
  readonly offsetUs: Us;
  /** Whether the clock was ever set. */
  readonly synced: boolean;
}

/** A step is more than this; less is how a clock is slewed, which is followed once it comes to so much. */
const stepUs = 500_000;
/** Before this program was written no clock was right. */
const notBeforeMs = Date.UTC(2026, 0, 1);
/** systemd-timesyncd leaves this when it has set the clock. */
const timesyncFolder = '/run/systemd/timesync';

const machineSynced = (): boolean =>
  Date.now() >= notBeforeMs && (!existsSync(timesyncFolder) || existsSync(`${timesyncFolder}/synchronized`));

/**
 * Tells at once, and whenever the wall clock was set against `clock`, how they stand; `byUs` is how far it went. Returns a
 * way to stop.
 */
export const watchWall = (setup: {
  readonly clock: Clock;
  told(wall: WallTime, byUs: Us): void;
  readonly everyMs?: number;
  nowMs?(): number;
  synced?(): boolean;
}): (() => void) => {
  const { clock, told, everyMs = 1_000, nowMs = Date.now, synced = machineSynced } = setup;
  let wall: WallTime = { offsetUs: 0, synced: synced() };
  const look = (): void => {
    const offsetUs = nowMs() * 1000 - clock.nowUs();
    const byUs = offsetUs - wall.offsetUs;
    const now = Math.abs(byUs) > stepUs ? { offsetUs, synced: synced() } : { ...wall, synced: synced() };
    if (now.offsetUs !== wall.offsetUs || now.synced !== wall.synced) told((wall = now), now.offsetUs - before);
    before = now.offsetUs;
    off = clock.at(clock.nowUs() + everyMs * 1000, look);
  };
  let before = 0;
  told(wall, 0);
  let off = clock.at(clock.nowUs() + everyMs * 1000, look);
  return () => off();
};
