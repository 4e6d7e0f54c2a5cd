import { dice } from '../../src/base/dice.js';
import { must } from '../../src/base/problem.js';
import { usPerMs } from '../../src/base/time.js';
import type { Message, Mounting, RestartCause, SensorModel } from '../../src/codec/sensor.js';
import type { SensorBehaviour, SensorInput, SensorPort } from '../../src/sim/behaviour.js';
import { table } from '../../src/sim/columns.js';

const startUs = 1_780_000_000_000_000;

export interface Sent {
  readonly atMs: number;
  readonly message: Message;
  readonly confirmed: boolean;
  readonly tries: number | undefined;
  readonly fPort: number;
}

/** One sensor of a fleet of one, in virtual time: appointments come when they are due, nothing else moves the clock. */
export const life = (behaviour: SensorBehaviour, name = 'a', charge = 0.8) => {
  const row = table(behaviour.columns, 1).at(0);
  const d = dice('habits', name);
  const due = new Map<number, number>();
  const sent: Sent[] = [];
  const reboots: RestartCause[] = [];
  let nowMs = 0;
  let car = false;
  const port: SensorPort = {
    get nowUs() {
      return startUs + Math.round(nowMs * usPerMs);
    },
    dice: d,
    temperatureC: -4.4,
    charge,
    get carPresent() {
      return car;
    },
    send(message, { confirmed = false, tries } = {}) {
      const { fPort } = must(behaviour.model.encode(message));
      sent.push({ atMs: nowMs, message, confirmed, tries, fPort });
    },
    ask: () => undefined,
    wakeInMs: (slot, ms) => void due.set(slot, nowMs + ms),
    cancel: (slot) => void due.delete(slot),
    reboot: (cause) => void reboots.push(cause),
  };
  const tell = (input: SensorInput): void => behaviour.step(row, input, port);
  const runTo = (untilMs: number): void => {
    for (;;) {
      const next = [...due].sort((a, b) => a[1] - b[1])[0];
      if (!next || next[1] > untilMs) break;
      nowMs = next[1];
      due.delete(next[0]);
      tell({ kind: 'wake', slot: next[0] });
    }
    nowMs = untilMs;
  };
  const drive = (present: boolean): void => {
    car = present;
    tell({ kind: 'car', present });
  };
  const command = (model: SensorModel, message: Message): void =>
    tell({ kind: 'downlink', ...must(model.encodeCommand(message)) });
  const start = (present: boolean, cause: RestartCause = 'power-on'): void => {
    car = present;
    tell({ kind: 'boot', cause });
    nowMs += 7_000;
    tell({ kind: 'joined' });
  };
  return { sent, reboots, tell, runTo, drive, command, start, types: () => sent.map(({ message }) => message.type) };
};

/** What a message says about the bay, a distance taken as its mounting has it; undefined when it says nothing. */
export const said = ({ model, mounting }: SensorBehaviour, { message, atMs }: Sent): boolean | undefined => {
  const readings = model.toReadings(message, { heardUs: startUs + Math.round(atMs * usPerMs) });
  const last = readings.filter((one) => (one.head ?? 1) === 1).at(-1);
  if (last?.occupied !== undefined) return last.occupied;
  return mounting && last?.distanceMm !== undefined ? stands(mounting, last.distanceMm) : undefined;
};
const stands = ({ heightMm, thresholdMm }: Mounting, distanceMm: number): boolean =>
  heightMm - distanceMm >= thresholdMm;
