import { defineConsole } from '../../../src/console/dialect.js';
import { examples, source } from './examples.js';
import { reader } from './reader.js';
import { syntax, table } from './table.js';
import { verbs } from './verbs.js';

/** The AT firmware of ST's reference for STM32WL, from which many modules derive. */
export default defineConsole({
  id: 'st-at-slave',
  name: 'ST AT_Slave',
  source,
  bauds: [9_600, 115_200],
  terminator: '\r\n',
  commands: table,
  syntax,
  hellos: [
    { baud: 9_600, bytes: 'AT\r\n' },
    { baud: 115_200, bytes: 'AT\r\n' },
  ],
  // A blank line before OK is all that tells it from others, and no line shows it; its list of versions is its own.
  recognise({ lines }) {
    if (lines.some((line) => /^APP(?:LICATION)?_VERSION: /.test(line))) return 'yes';
    return lines.includes('OK') ? 'maybe' : undefined;
  },
  confirm: 'AT+VER=?\r\n',
  reader,
  verbs,
  examples,
});
