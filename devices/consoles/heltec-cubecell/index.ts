import { defineConsole } from '../../../src/console/dialect.js';
import { unglued } from '../heltec/log.js';
import { examples, source } from './examples.js';
import { reader } from './reader.js';
import { syntax, table } from './table.js';
import { verbs } from './verbs.js';

export { commands } from './verbs.js';

/** The AT commands of Heltec's CubeCell boards (ASR650x), where the sketch was built with them. */
export default defineConsole({
  id: 'heltec-cubecell',
  name: 'Heltec CubeCell',
  source,
  bauds: [115_200],
  // A line end would be a part of the value: a pause ends a command.
  terminator: '',
  commands: table,
  syntax,
  hellos: [{ baud: 115_200, bytes: 'AT+ChipID=?' }],
  recognise({ lines }) {
    const said = lines.map(unglued);
    if (said.some((line) => /^\+ChipID:[0-9A-F]{12}$|^AT Rev \d|ASR is Waked/.test(line))) return 'yes';
    return said.some((line) => /^\+ ?ERROR: /.test(line)) ? 'maybe' : undefined;
  },
  confirm: 'AT+ChipID=?',
  reader,
  verbs,
  examples,
});
