import { defineConsole, type Hello } from '../../../src/console/dialect.js';
import type { Heard } from '../../../src/console/script.js';
import { examples } from './examples.js';
import { bare, reader, refusals } from './reader.js';
import { syntax, table } from './table.js';
import { verbs } from './verbs.js';

const hello = 'AT\r\n';

/** What `AT+VER=?` brings: with its name, or bare as firmware 3 has it. */
const isVersion = (line: string): boolean =>
  /^AT\+VER=(?!\?|stellwerk-at )/.test(line) || /^(?:RUI_)?\d+\.\d+\.\d+-p\d/.test(line) || /^RUI_\d/.test(line);

const recognise = (
  { lines }: Heard,
  asked: Hello | undefined,
): 'yes' | 'maybe' | 'locked' | 'bootloader' | undefined => {
  if (lines.includes('COMMAND_LOCKED')) return 'locked';
  if (lines.some((line) => line === '<BOOT MODE>' || line.includes('RUI_BOOT_'))) return 'bootloader';
  // The bootloaders of RAK's older firmware say this as well: their version tells them apart, if anything does.
  if (lines.includes('AT not support.')) return asked ? 'maybe' : 'bootloader';
  if (lines.some(isVersion)) return 'yes';
  const likely = lines.some(
    (line) => line === 'OK' || /^Current Work Mode: /.test(line) || (line.startsWith('AT_') && line in refusals),
  );
  return likely ? 'maybe' : undefined;
};

/** RAK's Unified Interface, version 3: RAK3172 and its relatives, RAK4631-R, RAK11720. */
export default defineConsole({
  id: 'rak-rui3',
  name: 'RAK RUI3',
  source: 'RAKWireless/RAK-STM32-RUI @e5a28be; RAKWireless/RAK-nRF52-RUI @8fdc0f0; RUI3 AT Command Manual',
  bauds: [115_200, 9_600, 57_600, 38_400, 19_200],
  terminator: '\r\n',
  commands: table,
  syntax,
  hellos: [115_200, 9_600, 57_600, 38_400, 19_200].map((baud) => ({ baud, bytes: hello })),
  recognise,
  confirm: 'AT+VER=?\r\n',
  reader,
  bare,
  verbs,
  examples,
});
