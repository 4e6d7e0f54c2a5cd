import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'espressif-usb-otg',
  maker: 'Espressif',
  chip: 'ESP32-S2/S3, USB-OTG (TinyUSB or ROM)',
  usb: [{ vid: '303A', pid: '1002', state: 'any' }],
  consoles: ['heltec-esp32', 'stellwerk-at'],
  native: true,
  baud: 115_200,
  bootloaders: ['esp-rom'],
  notes: 'Not certain: whether firmware or ROM is behind it, the id does not tell.',
  source: 'esphome/esp-web-tools @f9d1c4e; esptool-js 0.7.0',
});
