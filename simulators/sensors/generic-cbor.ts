import model from '../../devices/sensors/generic-cbor.js';
import { hourMs } from '../../src/base/time.js';
import { restartCauses, type Message } from '../../src/codec/sensor.js';
import { lithiumV, lowCharge } from '../../src/sim/battery.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import type { Row } from '../../src/sim/columns.js';
import { magnetometer } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

const columns = { ...watcherColumns, cause: 'u8', changes: 'u32' } as const;
type HomeMade = Row<typeof columns>;

const heartbeatSlot = 1;
const heartbeatMs = 6 * hourMs;
const firmware = '1.4.0';

const volts = (port: SensorPort): number => lithiumV(port.charge, { temperatureC: port.temperatureC });
const tenths = (value: number): number => Math.round(value * 10) / 10;

/** A pack of SenML; a battery near its end is told as a record of its own. */
const heartbeat = (row: HomeMade, port: SensorPort): Message => ({
  type: 'senml',
  records: [
    { n: 'occupied', vb: row.occupied },
    { n: 'temperature', u: 'Cel', v: tenths(port.temperatureC) },
    { n: 'battery', u: 'V', v: volts(port) },
    { n: 'battery', u: '%EL', v: Math.round(port.charge * 100) },
    { n: 'count', v: row.changes },
    ...(port.charge < lowCharge ? [{ n: 'batteryLow', vb: true }] : []),
  ],
});

/**
 * A home-made sensor on a RAK or Heltec board that speaks CBOR: a map of four bytes on change, one with words after a
 * join, and SenML four times a day. It confirms nothing and takes no commands.
 */
export default defineBehaviour({
  id: 'generic-cbor',
  model,
  mac: { lorawan: '1.0.3', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 3, confirmedTries: 1, eirpDbm: 14 },
  source: 'Nobody describes a home-made sensor: a magnetometer, intervals, data rates and words are assumed',
  columns,
  step(row, input, port) {
    if (watch(row, input, { port, how: magnetometer })) {
      if (row.occupied) row.changes++;
      return port.send({ type: 'map', fields: { o: row.occupied } });
    }
    switch (input.kind) {
      case 'boot':
        row.cause = restartCauses.indexOf(input.cause);
        return;
      case 'joined': {
        const restart = restartCauses[row.cause]!;
        const mv = Math.round(volts(port) * 1000);
        port.send({ type: 'map', fields: { occupied: row.occupied, restart, fw: firmware, mv } });
        // The first one comes at any time, so that a street that got power at once does not beat in step.
        return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs);
      }
      case 'wake':
        if (input.slot !== heartbeatSlot) return;
        port.send(heartbeat(row, port));
        return port.wakeInMs(heartbeatSlot, heartbeatMs);
      default:
        return;
    }
  },
});
