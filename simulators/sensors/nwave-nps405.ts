import model from '../../devices/sensors/nwave-nps405.js';
import { compressed } from '../../devices/sensors/nwave/messages.js';
import { whole } from '../../src/base/dice.js';
import { usPerSecond } from '../../src/base/time.js';
import { lithiumV } from '../../src/sim/battery.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import type { Row } from '../../src/sim/columns.js';
import { dualSensor } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';
import { causeIn, commonColumns, confirmed, heartbeatMs, mac, stayInTouch } from './nwave/habits.js';

const columns = {
  ...watcherColumns,
  ...commonColumns,
  changedUs: 'f64',
  previousMin: 'u32',
  coldestC: 'f64',
  warmestC: 'f64',
} as const;
type Nps = Row<typeof columns>;

const heartbeatSlot = 1;
const tagSlot = 2;
const firmware = '2.4.9';
/** The scale ends at 3.52 V; the published heartbeat has 3.344 V at -10 °C, which a cell of 3.4 V shows there. */
const freshV = 3.4;
/** As in the published heartbeat. */
const meanCurrentUa = 110;
/** Share of drivers who carry a tag (assumed). */
const tagged = 0.05;

/** What the format can say: half degrees from -54 to 73.5. */
const celsius = (value: number): number => Math.min(73.5, Math.max(-54, Math.round(value * 2) / 2));

const reportStatus = (row: Nps, port: SensorPort): void => {
  row.previousMin = Math.floor((port.nowUs - row.changedUs) / (60 * usPerSecond));
  row.changedUs = port.nowUs;
  const { occupied } = row;
  port.send({ type: 'status', previousLeastMin: compressed(row.previousMin), occupied }, confirmed);
  // A driver registers within two minutes (assumed).
  if (occupied && port.dice.next() < tagged) port.wakeInMs(tagSlot, (20 + 100 * port.dice.next()) * 1_000);
};

const reportTag = (row: Nps, port: SensorPort): void => {
  const tag = whole(port.dice, 0, 0xffff_ffff).toString(16).padStart(8, '0');
  port.send(
    row.occupied
      ? { type: 'userTag', previousLeastMin: compressed(row.previousMin), tag, occupied: true }
      : { type: 'userTagOnly', tag },
  );
};

const reportHeartbeat = (row: Nps, port: SensorPort, temperatureC: number): void => {
  const { occupied } = row;
  const batteryV = lithiumV(port.charge, { freshV, temperatureC });
  const [temperatureMinC, temperatureMaxC] = [celsius(row.coldestC), celsius(row.warmestC)];
  const temperatures = { temperatureC: celsius(temperatureC), temperatureMinC, temperatureMaxC };
  port.send({ type: 'heartbeat', errorBits: 0, occupied, batteryV, ...temperatures, meanCurrentUa }, confirmed);
  row.coldestC = row.warmestC = temperatureC;
  port.wakeInMs(heartbeatSlot, heartbeatMs);
};

/**
 * Nwave NPS405: start-up after each join, status on change with how long the state before it lasted, heartbeat once a day
 * with battery and temperatures, and now and then a driver who registers with a tag. Its commands are not public.
 */
export default defineBehaviour({
  id: 'nwave-nps405',
  model,
  mac,
  source: 'Nwave guide in thingsboard/data-converters; detection about 3 s (Nwave); intervals and confirmation assumed',
  columns,
  step(row, input, port) {
    const { temperatureC } = port;
    if (input.kind === 'boot') {
      row.changedUs = port.nowUs;
      row.coldestC = row.warmestC = temperatureC;
    }
    row.coldestC = Math.min(row.coldestC, temperatureC);
    row.warmestC = Math.max(row.warmestC, temperatureC);
    if (watch(row, input, { port, how: dualSensor })) return reportStatus(row, port);
    stayInTouch(row, input, port);
    if (input.kind === 'joined') {
      const resetCause = causeIn(row, ['rejoin', 'watchdog', 'power-on', 'request', 'brownout']);
      port.send({ type: 'startup', firmware, resetCause, occupied: row.occupied });
      return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs);
    }
    if (input.kind !== 'wake') return;
    if (input.slot === heartbeatSlot) reportHeartbeat(row, port, temperatureC);
    if (input.slot === tagSlot) reportTag(row, port);
  },
});
