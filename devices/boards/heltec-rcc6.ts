import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'heltec-rcc6',
  maker: 'Heltec',
  name: 'RCC6',
  chip: 'ESP32 family with its own USB',
  usb: [{ bridge: 'espressif-usb-serial-jtag' }],
  console: 'heltec-esp32',
  bootloaders: ['esp-rom-usbjtag'],
  notes:
    'No AT firmware for LoRaWAN is known from its maker: it asks for a licence, and the rest is the business of its sketch.',
  source: 'Heltec-Aaron-Lee/WiFi_Kit_series @59864ef boards.txt',
});
