import model from '../../devices/sensors/nwave-ncc405.js';
import { minuteMs } from '../../src/base/time.js';
import { lithiumV } from '../../src/sim/battery.js';
import { defineBehaviour } from '../../src/sim/behaviour.js';
import { causeIn, commonColumns, confirmed, heartbeatMs, mac, stayInTouch } from './nwave/habits.js';

const columns = { ...commonColumns, joined: 'flag', pending: 'flag', count: 'u16' } as const;

const countSlot = 1;
const heartbeatSlot = 2;
const firmware = '1.13.0';
const freshV = 3.4;
/** Cars come in a row: one message tells of all that passed within this time (assumed). */
const gatherMs = minuteMs;
/** Share of cars that a magnetometer in a lane misses (assumed). */
const missed = 0.02;

/**
 * Nwave NCC405: counts every car that comes, and tells the count a minute after the first that it has not told yet. The
 * count begins at zero whenever the sensor does: this simulation knows no re-join that keeps it.
 */
export default defineBehaviour({
  id: 'nwave-ncc405',
  model,
  mac,
  source: 'Nwave guide in thingsboard/data-converters; intervals, confirmation and missed cars assumed',
  columns,
  step(row, input, port) {
    stayInTouch(row, input, port);
    switch (input.kind) {
      case 'joined': {
        row.joined = true;
        const resetCause = causeIn(row, ['watchdog', 'power-on', 'request', 'brownout']);
        port.send({ type: 'startup', firmware, resetCause });
        return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs);
      }
      case 'car':
        if (!input.present || port.dice.next() < missed) return;
        row.count = (row.count + 1) & 0xffff;
        if (!row.joined || row.pending) return;
        row.pending = true;
        return port.wakeInMs(countSlot, gatherMs);
      case 'wake':
        if (input.slot === countSlot) {
          row.pending = false;
          return port.send({ type: 'count', count: row.count });
        }
        if (input.slot === heartbeatSlot) {
          const batteryV = lithiumV(port.charge, { freshV, temperatureC: port.temperatureC });
          const batteryMeanV = lithiumV(port.charge, { freshV });
          port.send({ type: 'heartbeat', errorBits: 0, batteryV, batteryMeanV }, confirmed);
          return port.wakeInMs(heartbeatSlot, heartbeatMs);
        }
        return;
      default:
        return;
    }
  },
});
