import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { firmware } from './firmware.js';

export default defineTwin({
  id: 'microchip-rn2483',
  source:
    'jpmeijers/RN2483-Arduino-Library; MicrochipTech/atsamr34_lorawan_rn_parser; ranges from public clients that quote the RN2483 command reference',
  boards: ['microchip-rn2483', 'microchip-rn2903'],
  baud: 57_600,
  profile: { lorawan: '1.0.2', joinDataRates: [0], dataRate: 0, confirmedTries: 8, eirpDbm: 14 },
  open: (setup) => twinMachine(firmware(setup), { mostLine: 600 }),
});
