import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak3272',
  maker: 'RAKwireless',
  name: 'RAK3272S breakout (RAK3172 inside)',
  chip: 'STM32WLE5',
  flashKb: 256,
  usb: [{ bridge: 'wch-ch340' }],
  console: 'rak-rui3',
  bootloaders: ['rak-ymodem', 'stm32-an3155'],
  notes: 'Has no USB of its own: a CH340 adapter is the usual one.',
  source: 'RAKWireless/RAK-STM32-RUI @e5a28be boards.txt; RAKWireless/rakwireless-docs, RUI3 AT Command Manual',
});
