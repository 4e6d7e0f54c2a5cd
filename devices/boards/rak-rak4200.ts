import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak4200',
  maker: 'RAKwireless',
  name: 'RAK4200',
  chip: 'STM32 (which one is not known to us)',
  usb: [],
  console: 'rak-legacy-v3',
  bootloaders: ['rak-ymodem'],
  notes: 'A module: it comes on any adapter.',
  source: 'RAKWireless/rakwireless-docs, RAK4270 AT Command Manual',
});
