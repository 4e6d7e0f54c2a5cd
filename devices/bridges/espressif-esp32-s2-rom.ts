import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'espressif-esp32-s2-rom',
  maker: 'Espressif',
  chip: 'ESP32-S2, USB of its ROM',
  usb: [{ vid: '303A', pid: '0002', state: 'bootloader' }],
  consoles: [],
  native: true,
  baud: 115_200,
  bootloaders: ['esp-rom'],
  source: 'esphome/esp-web-tools @f9d1c4e; esptool-js 0.7.0',
});
