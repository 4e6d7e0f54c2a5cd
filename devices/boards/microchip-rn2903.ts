import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'microchip-rn2903',
  maker: 'Microchip',
  name: 'RN2903',
  chip: 'RN2903',
  usb: [],
  console: 'microchip-rn2483',
  bootloaders: [],
  notes: 'The sister of the RN2483 for 915 MHz; it comes on any adapter.',
  source: 'jpmeijers/RN2483-Arduino-Library; Microchip RN parser guide in MicrochipTech/atsamr34_lorawan_rn_parser',
});
