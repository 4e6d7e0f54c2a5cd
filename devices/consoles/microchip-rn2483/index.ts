import { defineConsole } from '../../../src/console/dialect.js';
import { examples } from './examples.js';
import { reader, versionIn } from './reader.js';
import { syntax, table } from './table.js';
import { verbs } from './verbs.js';

/** Microchip's RN2483 and RN2903; a SAMR34 with the RN parser talks alike. */
export default defineConsole({
  id: 'microchip-rn2483',
  name: 'Microchip RN2483',
  source:
    'jpmeijers/RN2483-Arduino-Library; MicrochipTech/atsamr34_lorawan_rn_parser; ranges from public clients that quote the RN2483 command reference',
  bauds: [57_600],
  terminator: '\r\n',
  commands: table,
  syntax,
  hellos: [{ baud: 57_600, bytes: 'sys get ver\r\n' }],
  recognise({ lines }) {
    if (lines.some((line) => versionIn(line))) return 'yes';
    // Half a command of somebody else was in its buffer.
    return lines.includes('invalid_param') ? 'maybe' : undefined;
  },
  confirm: 'sys get ver\r\n',
  reader,
  verbs,
  examples,
});
