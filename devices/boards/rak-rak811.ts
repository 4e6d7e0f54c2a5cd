import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak811',
  maker: 'RAKwireless',
  name: 'RAK811 (firmware 3)',
  chip: 'STM32L1 (not certain)',
  usb: [{ bridge: 'wch-ch340' }],
  console: 'rak-legacy-v3',
  bootloaders: ['rak-ymodem'],
  notes: 'Firmware 3.0.0.13 and later. Its second port, UART3, begins at 9600.',
  source: 'RAK811 AT Command Manual V1.0, in AmedeeBulle/pyrak811 @f08c1d8 DOCS',
});
