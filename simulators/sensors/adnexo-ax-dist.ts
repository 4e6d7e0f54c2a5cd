import model from '../../devices/sensors/adnexo-ax-dist.js';
import { hourMs, minuteMs } from '../../src/base/time.js';
import { lithiumV } from '../../src/sim/battery.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import type { Row } from '../../src/sim/columns.js';
import { sampled } from '../../src/sim/detection.js';
import { overBay, rangeMm, roofMm } from '../../src/sim/ranging.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

/** `roof` is that of the car below, kept while it stands there. */
const columns = { ...watcherColumns, roof: 'u16' } as const;
type Adnexo = Row<typeof columns>;

const regularSlot = 1;
// The configuration in akenza's test: a measurement every 600 s, every sixth is sent.
const measureMs = 10 * minuteMs;
const regularMs = hourMs;
/** Share of the regular measurements that scatter too much to be believed (assumed: rain, an insect, a cobweb). */
const invalidShare = 1 / 200;
/** What the battery of akenza's test payload shows, 3.21 V, is taken for a fresh one. */
const freshV = 3.21;

const measured = (row: Adnexo, port: SensorPort): object => {
  const temperatureC = Number(port.temperatureC.toFixed(1));
  return {
    distanceMm: rangeMm(overBay, { roof: row.occupied ? row.roof : 0, dice: port.dice }),
    temperatureC,
    batteryV: lithiumV(port.charge, { freshV, temperatureC }),
  };
};

/**
 * Adnexo ax-dist: restart after each join, regular measurement every hour, an event when a measurement in between finds
 * the bay changed; now and then an invalid measurement in place of a regular one. How it is commanded is not public.
 */
export default defineBehaviour({
  id: 'adnexo-ax-dist',
  model,
  mac: { lorawan: '1.0.3', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 5, confirmedTries: 3, eirpDbm: 14 },
  source:
    'akenza-io/device-type-library types/adnexo/ax-dist (intervals of its test configuration); the rest is assumed',
  columns,
  mounting: overBay,
  step(row, input, port) {
    if (input.kind === 'car' && input.present) row.roof = roofMm(port.dice);
    if (watch(row, input, { port, how: sampled(measureMs) }))
      return port.send({ type: 'event', ...measured(row, port) });
    switch (input.kind) {
      case 'boot':
        row.roof = roofMm(port.dice);
        return;
      case 'joined':
        port.send({ type: 'restart', content: '00' });
        port.send({ type: 'regular', ...measured(row, port) });
        return port.wakeInMs(regularSlot, port.dice.next() * regularMs);
      case 'wake': {
        if (input.slot !== regularSlot) return;
        const invalid = port.dice.next() < invalidShare;
        const varianceMm = 100 + Math.floor(port.dice.next() * 800);
        port.send(
          invalid
            ? { type: 'invalid', ...measured(row, port), varianceMm }
            : { type: 'regular', ...measured(row, port) },
        );
        return port.wakeInMs(regularSlot, regularMs);
      }
      default:
        return;
    }
  },
});
