import { defineConsole } from '../../../src/console/dialect.js';
import { reader } from './reader.js';
import { syntax, table } from './table.js';
import { verbs } from './verbs.js';
import { examples } from './examples.js';

/** RAK's firmware of the `at+set_config` kind, version 3: RAK811, RAK4200, RAK4270, RAK5205 and RAK72xx. */
export default defineConsole({
  id: 'rak-legacy-v3',
  name: 'RAK version 3 (at+set_config)',
  source:
    'RAKWireless/rakwireless-docs, RAK4270 AT Command Manual; RAK811 AT Command Manual V1.0, in AmedeeBulle/pyrak811 @f08c1d8 DOCS',
  bauds: [115_200, 9_600],
  terminator: '\r\n',
  commands: table,
  syntax,
  hellos: [
    { baud: 115_200, bytes: 'at+version\r\n' },
    // The second port of a RAK811.
    { baud: 9_600, bytes: 'at+version\r\n' },
  ],
  recognise({ lines }) {
    const told = lines.map((line) => line.trimEnd());
    if (told.some((line) => line.includes('<BOOT MODE>') || /^OK RAK\w+ v\d/.test(line))) return 'bootloader';
    if (told.some((line) => /^OK V\d+\.\d+\.\d+/.test(line) || line === 'OK Wake Up')) return 'yes';
    if (told.some((line) => line.startsWith('Initialization OK') || /^UART\d work mode: RUI_UART/.test(line)))
      return 'yes';
    return told.some((line) => /^ERROR: \d{1,3}$/.test(line)) ? 'maybe' : undefined;
  },
  confirm: 'at+version\r\n',
  reader,
  verbs,
  examples,
});
