import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'heltec-wireless-tracker',
  maker: 'Heltec',
  name: 'Wireless Tracker',
  chip: 'ESP32-S3',
  usb: [{ bridge: 'espressif-usb-serial-jtag' }],
  console: 'heltec-esp32',
  bootloaders: ['esp-rom-usbjtag'],
  notes:
    'No AT firmware for LoRaWAN is known from its maker: it asks for a licence, and the rest is the business of its sketch. Not certain: its USB id is read from a menu of boards.txt, not from a line of its own.',
  source: 'HelTecAutomation/Heltec_ESP32 @55bf1a5; Heltec-Aaron-Lee/WiFi_Kit_series @59864ef boards.txt',
});
