import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'heltec-cubecell-ab02',
  maker: 'Heltec',
  name: 'CubeCell HTCC-AB02',
  chip: 'ASR6501/6502 (ASR650x)',
  usb: [{ bridge: 'silabs-cp2102' }],
  console: 'heltec-cubecell',
  bootloaders: ['cubecell-flash'],
  notes:
    "Commands carry no line end. A sleeping board only wakes at the first bytes: say it again. Needs AT_SUPPORT in the sketch. Its flash protocol is not documented: the maker's tool writes it.",
  source:
    'HelTecAutomation/CubeCell-Arduino @d9402fe; HelTecAutomation/HeltecDocs @6b39fc2 asr650x config_parameter.md',
});
