import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'heltec-wifi-lora-32-v4-r8',
  maker: 'Heltec',
  name: 'WiFi LoRa 32 V4 R8',
  chip: 'ESP32-S3',
  usb: [{ bridge: 'espressif-usb-serial-jtag' }],
  console: 'heltec-esp32',
  bootloaders: ['esp-rom-usbjtag'],
  notes:
    'No AT firmware for LoRaWAN is known from its maker: it asks for a licence, and the rest is the business of its sketch.',
  source: 'HelTecAutomation/Heltec_ESP32 @55bf1a5; Heltec-Aaron-Lee/WiFi_Kit_series @59864ef boards.txt',
});
