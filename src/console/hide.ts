import { redacted, redactText } from '../base/secrets.js';

// Keys stand in console lines in a dozen spellings (`AT+KEY=APPKEY,"11 22.."`, `mac set appkey 1122..`, `OK..,..,..`):
// what is as long as a key is hidden, whatever stands before it. A payload that long is hidden with it; its event tells it.

const asLongAsAKey = /[0-9a-fA-F]{2}(?:[ :-]?[0-9a-fA-F]{2}){15,}/g;
// RUI3 of version 3 has an ENCKEY of eight bytes only.
const words = /\b(pword|cdkey|password|enckey)([=:]\s*)(\S+)/gi;

/** A console line without keys and passwords, for logs, views and error texts. */
export const hideKeys = (line: string): string =>
  redactText(line).replace(asLongAsAKey, redacted).replace(words, `$1$2${redacted}`);
