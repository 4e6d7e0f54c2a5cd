import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'microchip-mcp2221',
  maker: 'Microchip',
  chip: 'MCP2221',
  usb: [{ vid: '04D8', pid: '00DD', state: 'any' }],
  consoles: ['microchip-rn2483'],
  baud: 57_600,
  bootloaders: [],
  notes: 'Not certain: that an RN2483 is behind it is an assumption.',
  source: 'usb.ids 2025.07.26 (Debian)',
});
