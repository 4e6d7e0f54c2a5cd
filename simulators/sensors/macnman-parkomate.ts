import model from '../../devices/sensors/macnman-parkomate.js';
import { whole } from '../../src/base/dice.js';
import { hourMs, usPerSecond } from '../../src/base/time.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import type { Row } from '../../src/sim/columns.js';
import { magnetometer } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

const heartbeatSlot = 1;
const heartbeatMs = 6 * hourMs;

/** What every message says. The offsets were learnt at calibration and stay; a car moves the data away from them. */
const status = (row: Row<typeof watcherColumns>, port: SensorPort) => {
  const field = (restsAt: number, moved: number): number =>
    restsAt + (row.occupied ? moved : 0) + whole(port.dice, -8, 8);
  return {
    deviceId: 1,
    occupied: row.occupied,
    xOffset: 4,
    yOffset: -11,
    zOffset: 15,
    x: field(4, 250),
    y: field(-11, -300),
    z: field(15, 800),
    timeS: Math.floor(port.nowUs / usPerSecond),
  };
};

/** Macnman ParkOMate: a confirmed event on change, and a heartbeat, the first one after the join. */
export default defineBehaviour({
  id: 'macnman-parkomate',
  model,
  mac: { lorawan: '1.0.3', joinDataRates: [3, 3, 2, 1, 0], dataRate: 3, confirmedTries: 4, eirpDbm: 14 },
  source: 'vendor codec (event and heartbeat); LoRaWAN, interval, delays and confirmation assumed',
  columns: watcherColumns,
  step(row, input, port) {
    const heartbeat = (): void => port.send({ type: 'heartbeat', code: 0, ...status(row, port) });
    if (watch(row, input, { port, how: magnetometer }))
      return port.send({ type: 'event', ...status(row, port) }, { confirmed: true });
    switch (input.kind) {
      case 'joined':
        heartbeat();
        return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs);
      case 'wake':
        if (input.slot !== heartbeatSlot) return;
        heartbeat();
        return port.wakeInMs(heartbeatSlot, heartbeatMs);
      default:
        return;
    }
  },
});
