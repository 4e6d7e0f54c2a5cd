import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'wch-ch340',
  maker: 'WCH',
  chip: 'CH340',
  usb: [{ vid: '1A86', pid: '7523', state: 'any' }],
  consoles: ['rak-rui3', 'rak-legacy-v3', 'rak-811-v2', 'seeed-wio-e5', 'heltec-esp32', 'stellwerk-at'],
  baud: 115_200,
  bootloaders: ['rak-ymodem', 'stm32-an3155', 'esp-rom'],
  notes: 'The evaluation boards of the RAK3172 name this id in boards.txt; it is a common bridge all the same.',
  source: 'usb.ids 2025.07.26 (Debian); RAKWireless/RAK-STM32-RUI @e5a28be boards.txt',
});
