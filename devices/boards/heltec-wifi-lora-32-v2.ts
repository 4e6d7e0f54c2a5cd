import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'heltec-wifi-lora-32-v2',
  maker: 'Heltec',
  name: 'WiFi LoRa 32 V2',
  chip: 'ESP32',
  usb: [{ bridge: 'silabs-cp2102' }],
  console: 'heltec-esp32',
  bootloaders: ['esp-rom'],
  notes:
    'No AT firmware for LoRaWAN is known from its maker: it asks for a licence, and the rest is the business of its sketch.',
  source:
    'HelTecAutomation/Heltec_ESP32 @55bf1a5; HelTecAutomation/HeltecDocs @6b39fc2, pages on the serial connection',
});
