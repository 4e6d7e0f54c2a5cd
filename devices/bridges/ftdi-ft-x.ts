import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'ftdi-ft-x',
  maker: 'FTDI',
  chip: 'FT230X/FT231X',
  usb: [{ vid: '0403', pid: '6015', state: 'any' }],
  consoles: ['rak-rui3', 'microchip-rn2483'],
  baud: 115_200,
  bootloaders: ['rak-ymodem'],
  source: 'usb.ids 2025.07.26 (Debian)',
});
