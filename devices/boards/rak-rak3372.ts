import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak3372',
  maker: 'RAKwireless',
  name: 'RAK3372 WisBlock core (RAK3172 inside)',
  chip: 'STM32WLE5',
  flashKb: 256,
  usb: [{ bridge: 'wch-ch340' }],
  console: 'rak-rui3',
  bootloaders: ['rak-ymodem', 'stm32-an3155'],
  notes: 'On a RAK19007 base, whose CH340 is its USB port.',
  source: 'RAKWireless/RAK-STM32-RUI @e5a28be boards.txt; RAKWireless/rakwireless-docs, RUI3 AT Command Manual',
});
