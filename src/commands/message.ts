import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import type { Message } from '../codec/sensor.js';
import { readText } from '../io/disk.js';
import type { Shell } from './shell.js';

/** The message that an option gives: JSON, `@FILE`, or `-` for standard input. Throws what a person can mend. */
export const messageOf = async (
  { given, verb }: { readonly given: string; readonly verb: string },
  shell: Shell,
): Promise<Message> => {
  const text =
    given === '-' ? await shell.readStdin() : given.startsWith('@') ? must(await readText(given.slice(1))) : given;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StellwerkError(
      problem('bad-json', { what: 'the message', why: (error as Error).message, example: `'{"type":"status"}'` }),
    );
  }
  if (
    value === null ||
    typeof value !== 'object' ||
    Array.isArray(value) ||
    typeof (value as Message).type !== 'string'
  )
    throw new UsageError(problem('wrong-usage', { verb, why: 'a message is a JSON object with a type' }));
  return value as Message;
};
