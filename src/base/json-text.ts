/** Texts that need no escapes, as most names do. */
const plain = /^[\w .:/-]*$/;

/** A text as `JSON.stringify` writes it. */
export const jsonText = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

/** A number as `JSON.stringify` writes it: what is no number is null. */
export const jsonNumber = (value: number): string =>
  Number.isFinite(value) ? String(value === 0 ? 0 : value) : 'null';
