import model from '../../devices/sensors/pni-placepod.js';
import { hourMs } from '../../src/base/time.js';
import type { LppItem } from '../../src/codec/cayenne.js';
import { lithiumV } from '../../src/sim/battery.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import { magnetometer } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

const columns = { ...watcherColumns, count: 'u8', keepAlives: 'u16' } as const;

const keepAliveSlot = 1;
// The interval can be set and its default is not public; a few an hour would empty the battery, one a day hides a dead
// sensor: four hours is assumed.
const keepAliveMs = 4 * hourMs;
const freshV = 3.65;

const presence = (channel: number, occupied: boolean): LppItem => ({
  channel,
  type: 'presence',
  value: Number(occupied),
});
/** What changes slowly: it goes with the first report and with every sixth keep-alive. */
const slow = (port: SensorPort): readonly LppItem[] => [
  { channel: 3, type: 'analogIn', value: lithiumV(port.charge, { freshV, temperatureC: port.temperatureC }) },
  { channel: 2, type: 'temperature', value: port.temperatureC },
];
const report = (port: SensorPort, items: readonly LppItem[]): void => port.send({ type: 'report', items });

/** PNI PlacePod: status on change, keep-alive with status, and battery, temperature and count with every sixth keep-alive. */
export default defineBehaviour({
  id: 'pni-placepod',
  model,
  mac: { lorawan: '1.0.2', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 3, confirmedTries: 3, eirpDbm: 14 },
  source: 'Channels as in PNI-Cloud/PlacePod-Api; intervals, detection delay and data rates assumed',
  columns,
  step(row, input, port) {
    if (watch(row, input, { port, how: magnetometer })) {
      if (row.occupied) row.count = (row.count + 1) & 0x7f;
      return report(port, [presence(21, row.occupied)]);
    }
    switch (input.kind) {
      case 'joined':
        // Count with the top bit set: "I have restarted" (channel 33).
        report(port, [...slow(port), { channel: 33, type: 'digitalIn', value: 0x80 }, presence(21, row.occupied)]);
        return port.wakeInMs(keepAliveSlot, port.dice.next() * keepAliveMs);
      case 'wake': {
        if (input.slot !== keepAliveSlot) return;
        const full = row.keepAlives++ % 6 === 0;
        const counted: LppItem = { channel: 33, type: 'digitalIn', value: row.count };
        report(port, [...(full ? [...slow(port), counted] : []), presence(55, row.occupied)]);
        return port.wakeInMs(keepAliveSlot, keepAliveMs);
      }
      default:
        return;
    }
  },
});
