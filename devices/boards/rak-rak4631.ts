import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak4631',
  maker: 'RAKwireless',
  name: 'RAK4631 (Arduino core)',
  chip: 'nRF52840',
  usb: [
    { vid: '239A', pid: '8029', product: 'WisBlock RAK4631', state: 'application', specific: true },
    { vid: '239A', pid: '802A', state: 'application', specific: true },
    { vid: '239A', pid: '0029', state: 'bootloader', specific: true },
    { vid: '239A', pid: '002A', state: 'bootloader', specific: true },
  ],
  console: 'rak-rui3',
  bootloaders: ['adafruit-dfu', 'uf2'],
  notes:
    'Opening the port at 1200 baud enters the bootloader. What it says is the business of its sketch; RUI3 is only asked for. The boards.txt of the RAK4631-R names 239A:8029 as well, but its firmware shows 1915:521F.',
  source: 'beegee-tokyo/RAK-nRF52-Arduino @cc4b1bf boards.txt; adafruit/Adafruit_nRF52_Bootloader @48a149f',
});
