import { hourMs, minuteMs, usPerMs, type Us } from '../../../src/base/time.js';
import type { Message } from '../../../src/codec/sensor.js';
import { lowCharge } from '../../../src/sim/battery.js';
import type { MacProfile, SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';
import { watcherColumns } from '../../../src/sim/watcher.js';

/** What every sensor of this family remembers. */
export const nodeColumns = {
  ...watcherColumns,
  frameCounter: 'u8',
  /** Minutes by which its clock is ahead of the simulation's. */
  clockAhead: 'u16',
} as const;
export type Node = Row<typeof nodeColumns>;

export const keepAliveSlot = 1;
/** The example of the user manual (page 8): sampled every minute, keep-alive after two hours of silence. */
export const sampleMs = minuteMs;
export const keepAliveMs = 2 * hourMs;
const minutesOfDay = 1_440;

/** The radio module RN2483 on EU868; data rates and tries assumed. */
export const mac: MacProfile = {
  lorawan: '1.0.2',
  joinDataRates: [5, 4, 3, 2, 1, 0],
  dataRate: 5,
  confirmedTries: 3,
  eirpDbm: 14,
};

/** Sends a frame, unconfirmed (assumed); any frame puts off the keep-alive. */
export const sendFrame = (row: Node, port: SensorPort, fields: Message): void => {
  const { occupied, frameCounter } = row;
  port.send({ ...fields, occupied, batteryLow: port.charge < lowCharge, frameCounter });
  row.frameCounter = (frameCounter + 1) & 255;
  port.wakeInMs(keepAliveSlot, keepAliveMs);
};

const minuteOf = (us: Us): number => Math.floor(us / (minuteMs * usPerMs)) % minutesOfDay;

/** Its own time of day: `{ hour, minute }`. */
export const clockOf = (row: Node, port: SensorPort): { readonly hour: number; readonly minute: number } => {
  const now = (minuteOf(port.nowUs) + row.clockAhead) % minutesOfDay;
  return { hour: Math.floor(now / 60), minute: now % 60 };
};

export const setClock = (row: Node, port: SensorPort, minute: number): void => {
  row.clockAhead = (minute - minuteOf(port.nowUs) + minutesOfDay) % minutesOfDay;
};

/** A clock that nobody has set runs from some moment or other (assumed). */
export const startClock = (row: Node, port: SensorPort): void =>
  setClock(row, port, Math.floor(port.dice.next() * minutesOfDay));

/** How long until its clock shows an hour; it looks at the clock when it wakes to measure, so up to a sample late. */
export const untilHourMs = (row: Node, port: SensorPort, hour: number): number => {
  const now = clockOf(row, port);
  const minutes = (60 * hour - 60 * now.hour - now.minute + minutesOfDay) % minutesOfDay;
  return (minutes || minutesOfDay) * minuteMs + port.dice.next() * sampleMs;
};
