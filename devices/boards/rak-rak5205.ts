import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak5205',
  maker: 'RAKwireless',
  name: 'RAK5205 and RAK72xx trackers',
  chip: 'RAK811 inside (not certain)',
  usb: [],
  console: 'rak-legacy-v3',
  bootloaders: [],
  notes: 'Its USB chip is not known to us.',
  source:
    'RAKWireless/rakwireless-docs, RAK4270 AT Command Manual; RAK811 AT Command Manual V1.0, in AmedeeBulle/pyrak811 @f08c1d8 DOCS',
});
