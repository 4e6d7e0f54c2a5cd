import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'espressif-usb-serial-jtag',
  maker: 'Espressif',
  chip: 'ESP32-S3/C3/C6, USB Serial/JTAG',
  usb: [{ vid: '303A', pid: '1001', state: 'any' }],
  consoles: ['heltec-esp32', 'stellwerk-at'],
  native: true,
  baud: 115_200,
  bootloaders: ['esp-rom-usbjtag'],
  notes:
    'The port goes away and comes back at each reset. Its bootloader is entered by the USB-JTAG sequence, not by the classic one.',
  source: 'Heltec-Aaron-Lee/WiFi_Kit_series @59864ef boards.txt; esphome/esp-web-tools @f9d1c4e; esptool-js 0.7.0',
});
