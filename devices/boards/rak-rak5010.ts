import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak5010',
  maker: 'RAKwireless',
  name: 'RAK5010',
  chip: 'nRF52840',
  usb: [],
  console: 'rak-rui3',
  bootloaders: ['nordic-secure-dfu'],
  says: ['rak5010'],
  notes: 'Not certain: the chip; its USB ids are not known.',
  source: 'RAKWireless/RAK-nRF52-RUI @8fdc0f0; RAKWireless/rakwireless-docs, RUI3 AT Command Manual',
});
