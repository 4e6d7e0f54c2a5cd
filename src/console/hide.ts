import { redacted, redactText } from '../base/secrets.js';

// Keys stand in console lines in a dozen spellings (`AT+KEY=APPKEY,"11 22.."`, `mac set appkey 1122..`, `OK..,..,..`):
// what is as long as a key is hidden, whatever stands before it. A payload that long is hidden with it; its event tells it.

const asLongAsAKey = /(?:[0\\]x)?[0-9a-f]{2}(?:(?:[ :-]|[,; ]{0,2}[0\\]x)?[0-9a-f]{2}){15,}/gi;
// A key that was typed too short is refused, and stands in the text of that refusal. RUI3 of version 3 has an ENCKEY of
// eight bytes only, and takes a blank for the equals sign.
const afterKey = /\b(\w*key)(\s*[=:,]\s*"?|\s+"?)([0-9a-fA-F]{2}[0-9a-fA-F: ]{2,})/gi;
const cdKey = /\b(cdkey|enckey)([=:]\s*)([^\s?]\S*)/gi;
// Any printable letter may be in a password, blanks as well.
const password = /\b(pword|password)(\s*[=:]\s*|\s+)([^?].*|\?.+)$/gi;

/** A console line without keys and passwords, for logs, views and error texts. */
export const hideKeys = (line: string): string =>
  [afterKey, cdKey, password].reduce(
    (text, form) => text.replace(form, `$1$2${redacted}`),
    redactText(line.replace(asLongAsAKey, redacted)),
  );
