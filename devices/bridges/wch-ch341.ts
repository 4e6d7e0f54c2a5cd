import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'wch-ch341',
  maker: 'WCH',
  chip: 'CH341 as a serial port',
  usb: [{ vid: '1A86', pid: '5523', state: 'any' }],
  consoles: ['rak-rui3'],
  baud: 115_200,
  bootloaders: ['rak-ymodem'],
  source: 'usb.ids 2025.07.26 (Debian)',
});
