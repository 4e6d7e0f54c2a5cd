import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { firmware } from './firmware.js';

export default defineTwin({
  id: 'rak-legacy-v3',
  source:
    'RAKWireless/rakwireless-docs, RAK4270 AT Command Manual; RAK811 AT Command Manual V1.0, in AmedeeBulle/pyrak811 @f08c1d8 DOCS',
  boards: ['rak-rak811', 'rak-rak4200', 'rak-rak4270'],
  baud: 115_200,
  profile: { lorawan: '1.0.2', joinDataRates: [5], dataRate: 5, confirmedTries: 1, eirpDbm: 16 },
  // 255 characters with CR and LF.
  open(setup) {
    const made = firmware(setup);
    return twinMachine(made, { mostLine: 253, baud: made.baud });
  },
});
