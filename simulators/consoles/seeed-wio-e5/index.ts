import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { firmware } from './firmware.js';

export default defineTwin({
  id: 'seeed-wio-e5',
  source: 'Seeed wiki, LoRa-E5 Development Kit and Wio-E5 mini; public clients of the module, which quote its answers',
  boards: ['seeed-wio-e5-mini', 'seeed-wio-e5-dev-kit', 'seeed-grove-wio-e5'],
  baud: 9_600,
  profile: { lorawan: '1.0.2', joinDataRates: [0], dataRate: 0, confirmedTries: 3, eirpDbm: 20 },
  // Lines are its firmware's own: it counts what is too long and does not cut it.
  open: (setup) => twinMachine(firmware(setup), { mostLine: 0 }),
});
