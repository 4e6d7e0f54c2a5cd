import model from '../../devices/sensors/generic-cayenne.js';
import { hourMs } from '../../src/base/time.js';
import type { LppItem } from '../../src/codec/cayenne.js';
import { lithiumV } from '../../src/sim/battery.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import { magnetometer } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

const heartbeatSlot = 1;
const heartbeatMs = 6 * hourMs;

const presence = (occupied: boolean): LppItem => ({ channel: 1, type: 'presence', value: Number(occupied) });

/** Presence, volts, what is left in percent, and the temperature, on channels 1 to 4. */
const heartbeat = (occupied: boolean, port: SensorPort): readonly LppItem[] => [
  presence(occupied),
  { channel: 2, type: 'voltage', value: lithiumV(port.charge, { temperatureC: port.temperatureC }) },
  { channel: 3, type: 'percentage', value: Math.round(port.charge * 100) },
  { channel: 4, type: 'temperature', value: port.temperatureC },
];

/**
 * A home-made sensor on a RAK or Heltec board that speaks Cayenne LPP: presence on change, and everything that it knows
 * after a join and four times a day. It confirms nothing and takes no commands.
 */
export default defineBehaviour({
  id: 'generic-cayenne',
  model,
  mac: { lorawan: '1.0.3', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 3, confirmedTries: 1, eirpDbm: 14 },
  source: 'Nobody describes a home-made sensor: a magnetometer, intervals and data rates are assumed',
  columns: watcherColumns,
  step(row, input, port) {
    if (watch(row, input, { port, how: magnetometer }))
      return port.send({ type: 'report', items: [presence(row.occupied)] });
    const beat = input.kind === 'wake' && input.slot === heartbeatSlot;
    if (!beat && input.kind !== 'joined') return;
    port.send({ type: 'report', items: heartbeat(row.occupied, port) });
    // The first one comes at any time, so that a street that got power at once does not beat in step.
    port.wakeInMs(heartbeatSlot, beat ? heartbeatMs : port.dice.next() * heartbeatMs);
  },
});
