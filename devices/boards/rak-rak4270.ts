import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak4270',
  maker: 'RAKwireless',
  name: 'RAK4270',
  chip: 'STM32 (which one is not known to us)',
  usb: [],
  console: 'rak-legacy-v3',
  bootloaders: ['rak-ymodem'],
  notes: 'A module: it comes on any adapter. UART2 talks at 115200 as well.',
  source: 'RAKWireless/rakwireless-docs, RAK4270 AT Command Manual',
});
