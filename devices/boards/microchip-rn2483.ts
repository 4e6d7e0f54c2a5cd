import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'microchip-rn2483',
  maker: 'Microchip',
  name: 'RN2483 breakout',
  chip: 'RN2483',
  usb: [{ bridge: 'microchip-mcp2221' }],
  console: 'microchip-rn2483',
  bootloaders: [],
  notes: 'Not certain: that the breakout has an MCP2221. A SAMR34 with the RN parser talks alike.',
  source: 'jpmeijers/RN2483-Arduino-Library; Microchip RN parser guide in MicrochipTech/atsamr34_lorawan_rn_parser',
});
