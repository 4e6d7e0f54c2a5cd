// One list guards logs, recordings and error texts. What it does not know must not be a secret.

const secretNames = /(key|secret|password|passphrase|token|authorization|credential)$/i;
// Names that end like a secret and are none.
const publicNames = /^(key|public_?key|host_?key|idempotency_?key)$/i;

/** What stands where a secret stood. */
export const redacted = '[redacted]';

/** Whether a field of this name must never be shown. */
export const isSecretName = (name: string): boolean => secretNames.test(name) && !publicNames.test(name);

/** The text without what looks like a key: `appKey: 0011..`, `AT+APPKEY=0011..`, `mqtt://user:password@`. */
export const redactText = (text: string): string =>
  text
    .replace(/((?:key|secret|password|token)["']?\s*[=:]\s*["']?)(?:[0-9a-f]{2}[\s:-]?){16}/gi, `$1${redacted}`)
    .replace(/(["']?(?:password|secret|token)["']?\s*[=:]\s*["']?)([^\s"',}&]+)/gi, `$1${redacted}`)
    .replace(/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${redacted}@`);

/** A copy of `value`, deep, in which every secret field and every secret in a text is replaced. */
export const redact = (value: unknown, depth = 8): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  // What lies deeper than anybody looks is not shown: it might be a key.
  if (depth === 0) return redacted;
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isSecretName(name) && item !== undefined && item !== null ? redacted : redact(item, depth - 1),
    ]),
  );
};
