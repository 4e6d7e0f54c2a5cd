// C0 and C1 with DEL, the separators of lines and paragraphs, and the marks that turn the direction of writing.
const orders = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** The text as one line that a terminal only shows: a space for each run of characters that do anything else. */
export const oneLine = (text: string): string => text.replace(orders, ' ');
