import { toHex } from '../base/hex.js';
import { hintOf, sentenceOf } from '../base/problem.js';
import type { MacCommand } from '../lorawan/mac-command.js';
import { commandBytes, commandName, type CommandList } from '../lorawan/mac-commands.js';
import { annotatedDump } from './explain.js';
import { commandWords } from './mac-words.js';

/** A list of MAC commands, one to a line: its bytes, where they stand, its name, what it says; and why it ends early. */
export const macLines = (
  bytes: Uint8Array,
  { commands, rest, problem }: CommandList<MacCommand>,
): readonly string[] => {
  let bit = 0;
  const fields = commands.map((command) => {
    const field = { bit, bits: 8 * commandBytes(command), name: commandName(command), value: commandWords(command) };
    bit += field.bits;
    return field;
  });
  const left = { bit, bits: 8 * rest.length, name: 'not read', value: '' };
  const lines = annotatedDump(bytes, rest.length > 0 ? [...fields, left] : fields);
  if (!problem) return lines;
  const hint = hintOf(problem);
  return [...lines, `  ${sentenceOf(problem)}`, ...(hint === undefined ? [] : [`  ${hint}`])];
};

/** The same list as JSON: what was read, and what was not and why. */
export const macJson = ({ commands, rest, problem }: CommandList<MacCommand>): Readonly<Record<string, unknown>> => ({
  commands,
  ...(problem && { rest: toHex(rest), problem: { code: problem.code, message: sentenceOf(problem) } }),
});
