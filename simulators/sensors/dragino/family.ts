import { leastIntervalS } from '../../../devices/sensors/dragino/family.js';
import { secondMs } from '../../../src/base/time.js';
import type { Message, Mounting, SensorModel, SensorOptions } from '../../../src/codec/sensor.js';
import { lithiumV } from '../../../src/sim/battery.js';
import { defineBehaviour, type SensorBehaviour, type SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';
import { sampled } from '../../../src/sim/detection.js';
import { measureMm, noticeRoof, overBay, rangingColumns } from '../../../src/sim/ranging.js';
import { watch, watcherColumns } from '../../../src/sim/watcher.js';

const columns = {
  ...watcherColumns,
  ...rangingColumns,
  /** Seconds; 0: as it comes from the factory. */
  intervalS: 'u32',
  confirmed: 'flag',
  alarms: 'u8',
} as const;
type Dragino = Row<typeof columns>;

/** What goes into a measurement. */
export interface Measured {
  readonly distanceMm: number;
  readonly batteryV: number;
  readonly temperatureC: number;
  /** How often the distance crossed a limit since the sensor started. */
  readonly alarms: number;
}

/** A model: what it says, and how it hangs. */
export interface Habits {
  readonly model: SensorModel;
  readonly measurement: (measured: Measured) => Message;
  /** Sent after each join; absent for models whose documents know none. */
  readonly atJoin?: (batteryV: number, intervalS: number) => readonly Message[];
  /** Looks every so often and tells at once what has changed. */
  readonly alarmEveryMs?: number;
  readonly mounting?: Mounting;
  readonly options?: SensorOptions;
  readonly source: string;
}

const measureSlot = 1;
// Assumed where the manual of a model does not say it: the stack's own default (1200 s).
const defaultIntervalS = 1_200;
/** Nobody's clock is exact: up to this much is added to an interval (assumed). */
const driftMs = 5_000;
const confirmedTries = 8;
const freshCell = 3.6;

const intervalS = (row: Dragino): number => row.intervalS || defaultIntervalS;
const intervalMs = (row: Dragino): number => intervalS(row) * secondMs;
/** The payload counts in whole millivolts and in tenths of a degree. */
const tidy = (value: number, digits: number): number => Number(value.toFixed(digits));
const volts = (port: SensorPort): number =>
  lithiumV(port.charge, { freshV: freshCell, temperatureC: port.temperatureC });

/** The status that models with a port for it send. */
export const status = (sensorModel: string, batteryV: number): Message => ({
  type: 'deviceStatus',
  sensorModel,
  firmware: '1.4.2',
  band: 'eu868',
  subBand: 255,
  batteryV,
});

/**
 * A Dragino distance sensor: status after each join where the model has one, a measurement then and at every interval, and
 * at once when a limit is crossed for those that watch limits. What stands under it is judged by the network.
 */
export const dragino = (habits: Habits): SensorBehaviour => {
  const { model, measurement, alarmEveryMs, source } = habits;
  const mounting = habits.mounting ?? overBay;

  const send = (row: Dragino, port: SensorPort, message: Message): void =>
    port.send(message, row.confirmed ? { confirmed: true, tries: confirmedTries } : { confirmed: false });
  const measure = (row: Dragino, port: SensorPort): void =>
    send(
      row,
      port,
      measurement({
        distanceMm: measureMm(row, port, mounting),
        batteryV: volts(port),
        temperatureC: tidy(port.temperatureC, 1),
        alarms: row.alarms,
      }),
    );
  const introduce = (row: Dragino, port: SensorPort): void => {
    for (const message of habits.atJoin?.(volts(port), intervalS(row)) ?? []) send(row, port, message);
  };

  const obey = (row: Dragino, port: SensorPort, command: Message): void => {
    switch (command.type) {
      case 'setInterval':
        row.intervalS = Math.max(leastIntervalS, Number(command['intervalS']));
        return port.wakeInMs(measureSlot, intervalMs(row));
      case 'setConfirmation':
        row.confirmed = command['mode'] === 'confirmed';
        return;
      case 'reboot':
      case 'restoreFactory':
        // Here a reboot forgets the settings as well.
        return port.reboot('request');
      default:
        // Neither the interrupt pin nor the supply of the probe shows in this simulation.
        return;
    }
  };

  return defineBehaviour({
    id: model.id,
    model,
    mac: { lorawan: '1.0.3', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 3, confirmedTries, eirpDbm: 14 },
    source,
    columns,
    mounting,
    ...(habits.options && { options: habits.options }),
    step(row, input, port) {
      noticeRoof(row, input, port);
      if (alarmEveryMs !== undefined && watch(row, input, { port, how: sampled(alarmEveryMs, 0) })) {
        row.alarms = (row.alarms + 1) & 63;
        return measure(row, port);
      }
      switch (input.kind) {
        case 'joined':
          introduce(row, port);
          measure(row, port);
          return port.wakeInMs(measureSlot, port.dice.next() * intervalMs(row));
        case 'wake':
          if (input.slot !== measureSlot) return;
          measure(row, port);
          return port.wakeInMs(measureSlot, intervalMs(row) + port.dice.next() * driftMs);
        case 'downlink': {
          const command = model.decodeCommand(input.fPort, input.bytes);
          return command.ok ? obey(row, port, command.value) : undefined;
        }
        default:
          return;
      }
    },
  });
};
