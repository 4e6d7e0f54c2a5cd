import { defineConsole } from '../../../src/console/dialect.js';
import { isHeltecLog } from '../heltec/log.js';
import { examples, source } from './examples.js';
import { reader } from './reader.js';
import { isRomLine, modeOf } from './rom.js';
import { syntax, table } from './table.js';
import { cannot, identityOf, name, verbs } from './verbs.js';

export { commands } from './verbs.js';

/** Heltec's ESP32 boards with the firmware that they are sold with: sketches, which talk and do not listen. */
export default defineConsole({
  id: 'heltec-esp32',
  name,
  source,
  bauds: [115_200],
  // The licence is read as it comes.
  terminator: '',
  commands: table,
  syntax,
  // Nothing makes it talk: without a licence it says so every 3 s, and a sketch that sends every 15 s may be missed.
  hellos: [{ baud: 115_200, bytes: '', withinMs: 3_100 }],
  recognise({ lines }) {
    if (lines.some((line) => /^ESP32ChipID=|^Please provide a correct license!/.test(line))) return 'yes';
    if (lines.map(modeOf).findLast((mode) => mode !== undefined) === 'bootloader') return 'bootloader';
    if (lines.includes('waiting for download')) return 'bootloader';
    // Any ESP32 says this, whoever made the board and its firmware; and a CubeCell without AT commands prints the same log.
    return lines.some((line) => isRomLine(line) || isHeltecLog(line)) ? 'maybe' : undefined;
  },
  overheard(lines) {
    const told = identityOf(lines);
    return told.serial === undefined && told.devEui === undefined ? undefined : told;
  },
  reader,
  verbs,
  cannot,
  examples,
});
