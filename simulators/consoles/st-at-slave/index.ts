import { source } from '../../../devices/consoles/st-at-slave/examples.js';
import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { firmware } from './firmware.js';

export default defineTwin({
  id: 'st-at-slave',
  source,
  boards: ['st-nucleo-wl55jc'],
  baud: 9_600,
  profile: { lorawan: '1.0.4', joinDataRates: [0], dataRate: 0, confirmedTries: 8, eirpDbm: 14 },
  // It keeps its lines itself: while a test runs only a few letters wait.
  open: (setup) => twinMachine(firmware(setup), { mostLine: 0, baud: () => 9_600 }),
});
