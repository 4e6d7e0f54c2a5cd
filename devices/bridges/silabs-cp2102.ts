import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'silabs-cp2102',
  maker: 'Silicon Labs',
  chip: 'CP2102/CP2104',
  usb: [{ vid: '10C4', pid: 'EA60', state: 'any' }],
  consoles: ['rak-rui3', 'heltec-cubecell', 'heltec-esp32', 'seeed-wio-e5', 'stellwerk-at'],
  baud: 115_200,
  bootloaders: ['esp-rom', 'cubecell-flash', 'stm32-an3155'],
  source:
    'usb.ids 2025.07.26 (Debian); HelTecAutomation/HeltecDocs @6b39fc2 and HeltecWiKi @d5923c0, pages on the serial connection',
});
