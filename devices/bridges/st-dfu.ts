import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'st-dfu',
  maker: 'ST',
  chip: 'STM32, USB DFU of its ROM',
  usb: [{ vid: '0483', pid: 'DF11', state: 'bootloader' }],
  consoles: [],
  native: true,
  bootloaders: ['stm32-usb-dfu'],
  neverProbe: 'no-port',
  notes: 'No serial port appears: dfu-util writes it.',
  source: 'usb.ids 2025.07.26 (Debian)',
});
