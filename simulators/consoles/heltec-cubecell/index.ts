import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { source } from '../../../devices/consoles/heltec-cubecell/examples.js';
import { firmware } from './firmware.js';

/** A CubeCell with Heltec's AT_Command example in it: it joins and sends when it is told to. */
export default defineTwin({
  id: 'heltec-cubecell',
  source,
  boards: ['heltec-cubecell-ab01', 'heltec-cubecell-ab02'],
  baud: 115_200,
  profile: { lorawan: '1.0.2', joinDataRates: [5], dataRate: 5, confirmedTries: 4, eirpDbm: 14 },
  // No line end: what came in one burst is a command.
  open: (setup) => twinMachine(firmware(setup), { mostLine: 256, burstMs: 20, baud: () => 115_200 }),
});
