import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'heltec-t114',
  maker: 'Heltec',
  name: 'Mesh Node T114 (HT-n5262)',
  chip: 'nRF52840',
  usb: [
    { vid: '239A', pid: '8071', product: 'HT-n5262', manufacturer: 'Heltec', state: 'application', specific: true },
    { vid: '239A', pid: '8072', state: 'application', specific: true },
    { vid: '239A', pid: '0071', state: 'bootloader', specific: true },
  ],
  bootloaders: ['adafruit-dfu', 'uf2'],
  notes:
    "No AT firmware is known. Opening the port at 1200 baud enters the bootloader. Heltec's Mesh Pocket and Mesh Solar share these ids, with other product strings.",
  source: 'HelTecAutomation/Heltec_nRF52 @998bd18 boards.txt',
});
