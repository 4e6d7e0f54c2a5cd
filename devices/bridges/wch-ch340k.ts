import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'wch-ch340k',
  maker: 'WCH',
  chip: 'CH340K',
  usb: [{ vid: '1A86', pid: '7522', state: 'any' }],
  consoles: ['rak-rui3', 'heltec-esp32', 'stellwerk-at'],
  baud: 115_200,
  bootloaders: ['esp-rom', 'rak-ymodem'],
  source: 'usb.ids 2025.07.26 (Debian)',
});
