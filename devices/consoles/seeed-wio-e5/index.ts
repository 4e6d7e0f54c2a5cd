import { defineConsole } from '../../../src/console/dialect.js';
import { examples } from './examples.js';
import { reader } from './reader.js';
import { syntax, table } from './table.js';
import { verbs } from './verbs.js';

/** The AT firmware that Seeed's LoRa-E5 module is sold with; SenseCAP nodes and the Grove module carry it as well. */
export default defineConsole({
  id: 'seeed-wio-e5',
  name: 'Seeed Wio-E5',
  source: 'Seeed wiki, LoRa-E5 Development Kit and Wio-E5 mini; public clients of the module, which quote its answers',
  bauds: [9_600, 115_200],
  terminator: '\n',
  commands: table,
  syntax,
  hellos: [
    { baud: 9_600, bytes: 'AT\r\n' },
    { baud: 115_200, bytes: 'AT\r\n' },
  ],
  recognise({ lines }) {
    // Noise of a port that was just opened may stand before it.
    if (lines.some((line) => /\+AT: (OK|ERROR\(-\d+\))$/.test(line))) return 'yes';
    // What woke it was not read: it has to be asked again.
    return lines.some((line) => line.endsWith('+LOWPOWER: WAKEUP')) ? 'maybe' : undefined;
  },
  confirm: 'AT\r\n',
  reader,
  verbs,
  examples,
});
