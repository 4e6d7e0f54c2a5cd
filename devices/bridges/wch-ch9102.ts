import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'wch-ch9102',
  maker: 'WCH',
  chip: 'CH9102',
  usb: [{ vid: '1A86', pid: '55D4', state: 'any' }],
  consoles: ['rak-rui3', 'heltec-esp32', 'stellwerk-at'],
  baud: 115_200,
  bootloaders: ['esp-rom'],
  notes: 'Not certain: the id comes from lists of third parties, usb.ids 2025.07.26 does not have it. On ESP32 boards.',
  source: 'lists of USB ids by third parties, not a document of the maker',
});
