import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak811-v2',
  maker: 'RAKwireless',
  name: 'RAK811 (firmware 2)',
  chip: 'STM32L1 (not certain)',
  usb: [{ bridge: 'wch-ch340' }],
  console: 'rak-811-v2',
  bootloaders: [],
  notes: 'An older firmware with a dialect of its own.',
  source: 'RAK811 LoRa AT Command V1.5 (2018-10-17), in AmedeeBulle/pyrak811 @f08c1d8 DOCS',
});
