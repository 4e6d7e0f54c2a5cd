import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'prolific-pl2303',
  maker: 'Prolific',
  chip: 'PL2303',
  usb: [{ vid: '067B', pid: '2303', state: 'any' }],
  consoles: ['rak-rui3'],
  baud: 115_200,
  bootloaders: ['rak-ymodem'],
  source: 'usb.ids 2025.07.26 (Debian)',
});
