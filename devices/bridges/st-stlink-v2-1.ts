import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'st-stlink-v2-1',
  maker: 'ST',
  chip: 'ST-LINK/V2-1',
  usb: [{ vid: '0483', pid: '374B', state: 'any' }],
  consoles: ['st-at-slave'],
  baud: 9_600,
  bootloaders: ['st-link'],
  notes: 'The serial port of a debugger: what it talks to is what is wired to it.',
  source: 'usb.ids 2025.07.26 (Debian)',
});
