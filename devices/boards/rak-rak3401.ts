import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak3401',
  maker: 'RAKwireless',
  name: 'RAK3401',
  chip: 'nRF52840',
  usb: [],
  console: 'rak-rui3',
  bootloaders: ['nordic-secure-dfu'],
  says: ['rak3400'],
  notes: 'Not certain: the chip and that rak3400 is this board; its USB ids are not known.',
  source: 'RAKWireless/RAK-nRF52-RUI @8fdc0f0; RAKWireless/rakwireless-docs, RUI3 AT Command Manual',
});
