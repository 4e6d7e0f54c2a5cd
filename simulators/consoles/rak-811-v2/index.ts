import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { firmware } from './firmware.js';

export default defineTwin({
  id: 'rak-811-v2',
  source: 'RAK811 LoRa AT Command V1.5 (2018-10-17), in AmedeeBulle/pyrak811 @f08c1d8 DOCS',
  boards: ['rak-rak811-v2'],
  baud: 115_200,
  profile: { lorawan: '1.0.2', joinDataRates: [0], dataRate: 0, confirmedTries: 8, eirpDbm: 16 },
  open(setup) {
    const made = firmware(setup);
    return twinMachine(made, { mostLine: 255, baud: made.baud });
  },
});
