import { fail } from '../base/problem.js';
import type { Failed } from '../base/result.js';

/** The problem of the first field that a format does not have; undefined when there is none. Every message has a `type`. */
export const strangeField = (message: object, fields: readonly string[]): Failed | undefined => {
  const name = Object.keys(message).find((one) => one !== 'type' && !fields.includes(one));
  if (name === undefined) return undefined;
  return fail('bad-message', { field: name, why: `is no field; fields are ${fields.join(', ') || '(none)'}` });
};
