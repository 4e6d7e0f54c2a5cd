import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak11720',
  maker: 'RAKwireless',
  name: 'RAK11720',
  chip: 'Apollo3',
  usb: [],
  console: 'rak-rui3',
  bootloaders: ['ambiq-svl'],
  notes: 'Its USB chip is not known to us. AT+HWID answers apollo3. Flashing is not covered.',
  source: 'RAKWireless/rakwireless-docs, RUI3 AT Command Manual',
});
