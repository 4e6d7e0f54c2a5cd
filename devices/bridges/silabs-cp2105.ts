import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'silabs-cp2105',
  maker: 'Silicon Labs',
  chip: 'CP2105, two ports',
  usb: [{ vid: '10C4', pid: 'EA70', state: 'any' }],
  consoles: ['rak-rui3', 'heltec-esp32', 'stellwerk-at'],
  baud: 115_200,
  bootloaders: ['esp-rom'],
  source: 'usb.ids 2025.07.26 (Debian)',
});
