import { hourMs, minuteMs, secondMs, usPerMs } from '../../../src/base/time.js';
import type { Message, SensorModel } from '../../../src/codec/sensor.js';
import { lithiumV, lowCharge } from '../../../src/sim/battery.js';
import { defineBehaviour, type SensorBehaviour, type SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';
import { radarSensor } from '../../../src/sim/detection.js';
import { watch, watcherColumns } from '../../../src/sim/watcher.js';

const columns = {
  ...watcherColumns,
  /** What the last status said. */
  reported: 'flag',
  reportedUs: 'f64',
  minTimeS: 'u16',
  maxTimeS: 'u16',
  /** In tenths of a volt, as in the frame. */
  batteryChange: 'u8',
} as const;
type R719 = Row<typeof columns>;

const periodicSlot = 1;
/** A change that came before the minimum time was over waits here. */
const heldSlot = 2;

// One minute and one hour are the numbers of a published downlink; what the factory sets is not public (assumed).
const factory = { minTimeS: minuteMs / secondMs, maxTimeS: hourMs / secondMs, batteryChange: 1 } as const;
const versions = { type: 'versions', softwareVersion: 1, hardwareVersion: 11, dateCode: '20200424' } as const;

const reportStatus = (row: R719, port: SensorPort): void => {
  const { occupied } = row;
  const volts = lithiumV(port.charge, { temperatureC: port.temperatureC });
  row.reported = occupied;
  row.reportedUs = port.nowUs;
  port.send({
    type: 'status',
    batteryLow: port.charge < lowCharge,
    batteryV: Number(volts.toFixed(1)),
    occupied,
  });
  port.cancel(heldSlot);
  port.wakeInMs(periodicSlot, row.maxTimeS * secondMs);
};

/** At once, or as soon as the minimum time since the last status is over. */
const reportChange = (row: R719, port: SensorPort): void => {
  const waitMs = row.minTimeS * secondMs - (port.nowUs - row.reportedUs) / usPerMs;
  if (waitMs <= 0) reportStatus(row, port);
  else port.wakeInMs(heldSlot, waitMs);
};

const isPossible = (minTimeS: number, maxTimeS: number): boolean => maxTimeS > 0 && minTimeS <= maxTimeS;

const obey = (row: R719, port: SensorPort, command: Message): void => {
  if (command.type === 'requestConfiguration') {
    const { minTimeS, maxTimeS, batteryChange } = row;
    return port.send({ type: 'configuration', minTimeS, maxTimeS, batteryChangeV: batteryChange / 10 });
  }
  const minTimeS = Number(command['minTimeS']);
  const maxTimeS = Number(command['maxTimeS']);
  // What makes a sensor answer "failure" is not public: a configuration that it could not keep (assumed).
  if (!isPossible(minTimeS, maxTimeS)) return port.send({ type: 'configurationSet', status: 'failure' });
  row.minTimeS = minTimeS;
  row.maxTimeS = maxTimeS;
  row.batteryChange = Math.round(Number(command['batteryChangeV']) * 10);
  port.send({ type: 'configurationSet', status: 'success' });
  port.wakeInMs(periodicSlot, maxTimeS * secondMs);
};

/**
 * Netvox R719: versions and a status after each join, a status on change but not before the minimum time, and at the
 * latest after the maximum time; it takes and tells its configuration. The battery change is kept and told and makes no
 * report of its own: a voltage falls so slowly that the next status shows it.
 */
export const r719 = (id: string, model: SensorModel): SensorBehaviour =>
  defineBehaviour({
    id,
    model,
    mac: { lorawan: '1.0.2', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 5, confirmedTries: 3, eirpDbm: 14 },
    source:
      'TheThingsNetwork/lorawan-devices vendor/netvox (start-up report, minimum and maximum time); factory times, unconfirmed uplinks, data rates and detection delay assumed',
    columns,
    step(row, input, port) {
      if (watch(row, input, { port, how: radarSensor })) return reportChange(row, port);
      switch (input.kind) {
        case 'boot':
          Object.assign(row, factory);
          return;
        case 'joined':
          port.send(versions);
          reportStatus(row, port);
          // A street that is switched on together should not speak together for ever.
          return port.wakeInMs(periodicSlot, port.dice.next() * row.maxTimeS * secondMs);
        case 'wake':
          if (input.slot === periodicSlot || (input.slot === heldSlot && row.occupied !== row.reported))
            reportStatus(row, port);
          return;
        case 'downlink': {
          const command = model.decodeCommand(input.fPort, input.bytes);
          return command.ok ? obey(row, port, command.value) : undefined;
        }
        default:
          return;
      }
    },
  });
