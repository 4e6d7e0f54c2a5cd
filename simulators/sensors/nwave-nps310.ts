import model from '../../devices/sensors/nwave-nps310.js';
import { defineBehaviour } from '../../src/sim/behaviour.js';
import { dualSensor } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';
import { causeIn, commonColumns, confirmed, heartbeatMs, mac, stayInTouch } from './nwave/habits.js';

const heartbeatSlot = 1;
const firmware = '1.13.0';

/** Nwave NPS310-SM: start-up after each join, status on change, heartbeat once a day; its commands are not public. */
export default defineBehaviour({
  id: 'nwave-nps310',
  model,
  mac,
  source:
    'TheThingsNetwork/lorawan-devices vendor/nwave; detection about 3 s (Nwave); intervals and confirmation assumed',
  columns: { ...watcherColumns, ...commonColumns },
  step(row, input, port) {
    const changed = watch(row, input, { port, how: dualSensor });
    const { occupied } = row;
    if (changed) return port.send({ type: 'status', occupied }, confirmed);
    stayInTouch(row, input, port);
    if (input.kind === 'joined') {
      const resetCause = causeIn(row, ['watchdog', 'power-on', 'request', 'brownout']);
      port.send({ type: 'startup', firmware, resetCause, occupied });
      return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs);
    }
    if (input.kind !== 'wake' || input.slot !== heartbeatSlot) return;
    port.send({ type: 'heartbeat', occupied }, confirmed);
    port.wakeInMs(heartbeatSlot, heartbeatMs);
  },
});
