import model from '../../devices/sensors/tekzitel-tekzipark.js';
import { whole } from '../../src/base/dice.js';
import { dayMs, hourMs } from '../../src/base/time.js';
import type { Message } from '../../src/codec/sensor.js';
import { lowCharge } from '../../src/sim/battery.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import type { Row } from '../../src/sim/columns.js';
import { dualSensor } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

const columns = {
  ...watcherColumns,
  /** The first frame after a start has been sent: the reset flag is said. */
  told: 'flag',
  debugMode: 'flag',
  sendRssi: 'flag',
  keepAlivePeriod: 'u8',
} as const;
type Tekzipark = Row<typeof columns>;

const keepAliveSlot = 1;
// What the four periods are is not public (assumed); the published default is the first.
const keepAlives = [dayMs, 12 * hourMs, 6 * hourMs, hourMs] as const;
/** A number that is written on the bay: the same for all, since the network does not need it. */
const parkingId = 1;

const keepAliveMs = (row: Tekzipark): number => keepAlives[row.keepAlivePeriod]!;

/** Whatever Bluetooth finds beside a parked car: no beacon, or one or two (assumed). */
const scan = (row: Tekzipark, port: SensorPort): readonly { readonly id: number }[] =>
  Array.from({ length: row.occupied ? whole(port.dice, 0, 2) : 0 }, () => ({ id: whole(port.dice, 1, 0xffff) }));

const report = (row: Tekzipark, port: SensorPort, { keepAlive }: { readonly keepAlive: boolean }): void => {
  const beacons = row.sendRssi ? scan(row, port) : [];
  const state = {
    occupied: row.occupied,
    goodBattery: port.charge >= lowCharge,
    obstruction: false,
    radar: row.occupied,
    noBeacon: beacons.length === 0,
    reset: !row.told,
    keepAlive,
    temperatureC: Math.round(port.temperatureC),
    parkingId,
  };
  const heard = beacons.length > 0 ? { beaconRssiDbm: -whole(port.dice, 50, 86), beacons } : {};
  port.send({ type: 'status', ...state, ...heard });
  row.told = true;
  if (row.debugMode) port.send({ type: 'debug', ...state, ...measured(row, port) });
};

/** The field of a car and of the empty bay, in the sensor's own units (assumed). */
const measured = (row: Tekzipark, port: SensorPort): Readonly<Record<string, number>> => {
  const noise = (): number => whole(port.dice, -2, 2);
  const car = row.occupied ? 1 : 0;
  return {
    deflectionX: 12 * car + noise(),
    deflectionY: 9 * car + noise(),
    deflectionZ: 40 * car + noise(),
    baselineX: 5,
    baselineY: -6,
    baselineZ: 30,
    faultCode: 0,
    obstructionLevel: 0,
    reflection: 24 * car,
  };
};

const obey = (row: Tekzipark, port: SensorPort, command: Message): void => {
  row.debugMode = command['debugMode'] === true;
  row.sendRssi = command['sendRssi'] === true;
  row.keepAlivePeriod = Number(command['keepAlivePeriod']);
  port.wakeInMs(keepAliveSlot, keepAliveMs(row));
  // The bit is zero in the published default, so it asks for something rather than says how to be (assumed).
  if (command['resetControl'] === true) port.reboot('request');
};

/**
 * TEKZITEL TEKZIPARK: status on change and as keep-alive, the first one after a start with the reset flag; the same again
 * with measurements on port 2 in debug mode. A sensor that nobody has configured neither debugs nor tells beacons
 * (assumed: the published default switches both on, but a street should not note telephones without being told to).
 */
export default defineBehaviour({
  id: 'tekzitel-tekzipark',
  model,
  mac: { lorawan: '1.0.2', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 3, confirmedTries: 3, eirpDbm: 14 },
  source:
    'Messages and configuration as in TheThingsNetwork/lorawan-devices vendor/tekzitel; periods, delays, unconfirmed frames and data rates assumed',
  columns,
  step(row, input, port) {
    if (watch(row, input, { port, how: dualSensor })) return report(row, port, { keepAlive: false });
    switch (input.kind) {
      case 'joined':
        report(row, port, { keepAlive: false });
        return port.wakeInMs(keepAliveSlot, port.dice.next() * keepAliveMs(row));
      case 'wake':
        if (input.slot !== keepAliveSlot) return;
        report(row, port, { keepAlive: true });
        return port.wakeInMs(keepAliveSlot, keepAliveMs(row));
      case 'downlink': {
        const command = model.decodeCommand(input.fPort, input.bytes);
        return command.ok ? obey(row, port, command.value) : undefined;
      }
      default:
        return;
    }
  },
});
