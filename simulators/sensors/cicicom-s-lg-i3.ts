import model from '../../devices/sensors/cicicom-s-lg-i3.js';
import { hourMs } from '../../src/base/time.js';
import { lithiumV, lowCharge } from '../../src/sim/battery.js';
import { defineBehaviour } from '../../src/sim/behaviour.js';
import { dualSensor } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

const keepAliveSlot = 1;
const keepAliveMs = 6 * hourMs;

/** What its three status bytes say is not public; this is what a simulated one says of a battery near its end (assumed). */
const batteryLow = '000001';

/**
 * Cicicom S-LG-I3: boot message after each join, one letter and one digit on change, keep-alive with battery and
 * temperature; a battery near its end makes it complain with each keep-alive.
 */
export default defineBehaviour({
  id: 'cicicom-s-lg-i3',
  model,
  mac: { lorawan: '1.0.2', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 5, confirmedTries: 3, eirpDbm: 14 },
  source: 'Messages as in actility/device-catalog PR #127; intervals, detection delay and data rates assumed',
  columns: watcherColumns,
  step(row, input, port) {
    const { occupied } = row;
    if (watch(row, input, { port, how: dualSensor })) return port.send({ type: 'change', occupied: row.occupied });
    const { temperatureC } = port;
    const batteryV = lithiumV(port.charge, { temperatureC });
    switch (input.kind) {
      case 'joined':
        port.send({ type: 'boot', letter: 'R', occupied, batteryV, temperatureC, firmware: 'V1.4.0' });
        return port.wakeInMs(keepAliveSlot, port.dice.next() * keepAliveMs);
      case 'wake':
        if (input.slot !== keepAliveSlot) return;
        port.send({ type: 'keepAlive', occupied, batteryV, temperatureC });
        if (port.charge < lowCharge) port.send({ type: 'malfunction', batteryV, status: batteryLow });
        return port.wakeInMs(keepAliveSlot, keepAliveMs);
      default:
        return;
    }
  },
});
