import model from '../../devices/sensors/moko-lw009-sm-pro.js';
import { dayMs, hourMs } from '../../src/base/time.js';
import { lithiumV, lowCharge } from '../../src/sim/battery.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import type { Row } from '../../src/sim/columns.js';
import { dualSensor } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';
import { axis, mokoMac, nowS } from './moko/lw009.js';

const columns = { ...watcherColumns, detections: 'u32', lowTold: 'flag' } as const;
type Pro = Row<typeof columns>;

const heartbeatSlot = 1;
const counterSlot = 2;
const heartbeatMs = 12 * hourMs;
const counterMs = dayMs;

const head = (port: SensorPort) => ({
  lowPower: port.charge < lowCharge,
  batteryV: lithiumV(port.charge, { temperatureC: port.temperatureC }),
  timeS: nowS(port),
  timezoneH: 0,
  temperatureC: Math.round(port.temperatureC),
});

const reportParking = (row: Pro, port: SensorPort): void => {
  const { occupied } = row;
  if (occupied) row.detections++;
  const moved = occupied ? 1 : 0;
  const message = {
    type: 'parking',
    ...head(port),
    mode: 'both',
    occupied,
    info: occupied ? 'occupied' : 'empty',
    radar: occupied ? 0xdc2f : 0x1c3c,
    x: axis(port, -4067, moved * 490),
    y: axis(port, -4032, moved * -900),
    z: axis(port, -657, moved * 1500),
    parkingTimeS: nowS(port),
  };
  port.send(message, { confirmed: true });
};

const reportHeartbeat = (row: Pro, port: SensorPort): void => {
  if (port.charge < lowCharge && !row.lowTold) {
    row.lowTold = true;
    port.send({ type: 'lowPower', ...head(port) }, { confirmed: true });
  }
  port.send({ type: 'heartbeat', ...head(port), occupied: row.occupied });
};

/**
 * MOKOSmart LW009-SM PRO: it calibrates after each join and says so, then heartbeats on port 1, confirmed changes on port 2,
 * its counter once a day, and once that its battery is low. It hears no beacons here: they are people's. Commands to it are
 * not public.
 */
export default defineBehaviour({
  id: 'moko-lw009-sm-pro',
  model,
  mac: mokoMac,
  source: 'vendor codec (which messages there are); when it sends, intervals, delays and tries assumed',
  columns,
  step(row, input, port) {
    if (watch(row, input, { port, how: dualSensor })) return reportParking(row, port);
    switch (input.kind) {
      case 'joined':
        port.send({ type: 'event', ...head(port), event: 'calibration-ok' });
        port.send({ type: 'heartbeat', ...head(port), occupied: row.occupied });
        port.wakeInMs(counterSlot, port.dice.next() * counterMs);
        return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs);
      case 'wake':
        if (input.slot === heartbeatSlot) {
          reportHeartbeat(row, port);
          return port.wakeInMs(heartbeatSlot, heartbeatMs);
        }
        if (input.slot === counterSlot) {
          port.send({ type: 'counter', ...head(port), detections: row.detections });
          return port.wakeInMs(counterSlot, counterMs);
        }
        return;
      default:
        return;
    }
  },
});
