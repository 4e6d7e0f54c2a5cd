import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { source } from '../../../devices/consoles/heltec-esp32/examples.js';
import { firmware } from './firmware.js';
import { wirings } from './rom.js';

/** A Heltec ESP32 board as it is sold: it wants its licence, then its sketch joins and sends by itself. */
export default defineTwin({
  id: 'heltec-esp32',
  source,
  boards: Object.keys(wirings),
  baud: 115_200,
  profile: { lorawan: '1.0.2', joinDataRates: [5], dataRate: 5, confirmedTries: 4, eirpDbm: 14 },
  // Read as it comes, with or without a line end.
  open: (setup) => twinMachine(firmware(setup), { mostLine: 128, burstMs: 100 }),
});
