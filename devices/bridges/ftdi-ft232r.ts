import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'ftdi-ft232r',
  maker: 'FTDI',
  chip: 'FT232R',
  usb: [{ vid: '0403', pid: '6001', state: 'any' }],
  consoles: ['rak-rui3', 'rak-legacy-v3', 'microchip-rn2483'],
  baud: 115_200,
  bootloaders: ['rak-ymodem', 'stm32-an3155'],
  source: 'usb.ids 2025.07.26 (Debian)',
});
