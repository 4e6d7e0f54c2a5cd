import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { readListDocument } from './device-list.js';
import { yamlItem, type ListedDevice } from './device-text.js';

// A devices file belongs to a person: what is not touched keeps its comments, its order and every blank. So devices come
// and go as lines of text, and no document is written anew.

const refuse = (file: string): Result<never> => fail('devices-hand-made', { file });
const endOf = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n');
const isAside = (line: string): boolean => /^\s*(#.*)?\r?\n?$/.test(line);

/** The lines of a text, each with its end. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Items of a list in brackets: where each begins and ends, and where the closing bracket stands. */
interface Bracketed {
  readonly items: readonly { readonly from: number; readonly to: number }[];
  readonly close: number;
}

/** Walks through a list in brackets; undefined when it does not end where the text does. */
const bracketed = (text: string, open: number): Bracketed | undefined => {
  const items: { from: number; to: number }[] = [];
  let depth = 0;
  let from = -1;
  let to = -1;
  const take = (): void => {
    if (from >= 0) items.push({ from, to });
    from = -1;
  };
  for (let at = open; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '#' && /\s/.test(text.charAt(at - 1))) {
      at = text.indexOf('\n', at);
      if (at < 0) return undefined;
      continue;
    }
    if (/\s/.test(char)) continue;
    if (char === '[' || char === '{') {
      depth++;
      if (depth === 1) continue;
    }
    if (char === ']' || char === '}') depth--;
    if (depth === 0) {
      take();
      return text
        .slice(at + 1)
        .split('\n')
        .every(isAside)
        ? { items, close: at }
        : undefined;
    }
    if (depth === 1 && char === ',') {
      take();
      continue;
    }
    if (from < 0) from = at;
    // A quote opens a text only where a value may begin.
    if ((char === '"' || char === "'") && /[[{,:\s]/.test(text.charAt(at - 1))) {
      const close = char === '"' ? /(?:[^"\\]|\\[^])*"/y : /(?:[^']|'')*'/y;
      close.lastIndex = at + 1;
      if (!close.test(text)) return undefined;
      at = close.lastIndex - 1;
    }
    to = at + 1;
  }
  return undefined;
};

interface Block {
  readonly lines: readonly string[];
  readonly indent: string;
  /** Lines that begin an item. */
  readonly starts: readonly number[];
}

const block = (text: string): Block | undefined => {
  const lines = linesOf(text);
  const first = lines.findIndex((line) => !isAside(line) && !/^---\s*$/.test(line));
  const indent = /^( *)-\s/.exec(lines[first] ?? '')?.[1];
  if (indent === undefined) return undefined;
  const dash = new RegExp(`^${indent}-\\s`);
  return { lines, indent, starts: lines.flatMap((line, i) => (i >= first && dash.test(line) ? [i] : [])) };
};

const openBracket = (text: string): number => {
  let at = 0;
  for (const line of linesOf(text)) {
    if (!isAside(line)) return /^\s*\[/.test(line) ? at + line.indexOf('[') : -1;
    at += line.length;
  }
  return -1;
};

/** What the items are now, each as a text to compare; undefined when the text is no list. */
const itemsOf = (text: string, file: string): readonly string[] | undefined => {
  const read = readListDocument(text, file);
  if (!read.ok) return undefined;
  const value = read.value.value ?? [];
  return Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : undefined;
};

/** Hands out the new text when it differs by exactly what was meant: no strange layout may cost somebody a key. */
const checked = (
  after: string,
  {
    before,
    file,
    meant,
  }: { readonly before: string; readonly file: string; meant(items: string[]): readonly string[] },
): Result<string> => {
  const [old, now] = [itemsOf(before, file), itemsOf(after, file)];
  if (!old || !now) return refuse(file);
  const wanted = meant([...old]);
  const same = wanted.length === now.length && wanted.every((item, i) => item === now[i]);
  return same ? ok(after) : refuse(file);
};

// Reading twice for the check costs seconds in a list of a hundred thousand devices. There the lines that come or go are
// looked at alone.
const checkedChars = 1 << 20;

/** The text of a devices file with these devices at its end. Problem: `devices-hand-made`. */
export const withDevices = (text: string, devices: readonly ListedDevice[], file: string): Result<string> => {
  const eol = endOf(text);
  const open = openBracket(text);
  let after: string;
  if (open >= 0) {
    const list = bracketed(text, open);
    if (!list) return refuse(file);
    const last = list.items.at(-1);
    // An empty list has no style yet.
    if (!last && /^\s*$/.test(text.slice(open + 1, list.close)))
      return withDevices(`${text.slice(0, open)}${text.slice(list.close + 1).trimStart()}`, devices, file);
    const items = devices.map((device) => `  ${JSON.stringify(device)}`).join(`,${eol}`);
    const at = last?.to ?? open + 1;
    // Behind a comma that somebody left after the last item there must not be a second one.
    const rest = text.slice(at, list.close).replace(/^\s*,/, '');
    after = `${text.slice(0, at)}${last ? ',' : ''}${eol}${items}${/^[ \t]*$/.test(rest) ? eol : rest}${text.slice(list.close)}`;
  } else {
    const found = block(text);
    const lines = linesOf(text);
    if (!found && !lines.every(isAside)) return refuse(file);
    const items = devices.map((device) => yamlItem(device, found?.indent).replaceAll('\n', eol)).join(eol);
    after = `${text}${text === '' || text.endsWith('\n') ? '' : eol}${items}${eol}`;
  }
  return text.length > checkedChars
    ? ok(after)
    : checked(after, { before: text, file, meant: (items) => [...items, ...devices.map(asTexts)] });
};

/** A device as our reader has it: all scalars as text. */
const asTexts = (device: ListedDevice): string =>
  JSON.stringify(device, (_, value: unknown) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  );

/** The text of a devices file without the item of that index; comments stay. Problem: `devices-hand-made`. */
export const withoutDevice = (text: string, index: number, file: string): Result<string> => {
  const meant = (items: string[]): readonly string[] => items.toSpliced(index, 1);
  const open = openBracket(text);
  if (open >= 0) {
    const list = bracketed(text, open);
    const item = list?.items[index];
    if (!list || !item) return refuse(file);
    const next = list.items[index + 1];
    const before = list.items[index - 1];
    const [from, to] = next ? [item.from, next.from] : before ? [before.to, item.to] : [item.from, item.to];
    return checked(text.slice(0, from) + text.slice(to), { before: text, file, meant });
  }
  const found = block(text);
  const start = found?.starts[index];
  if (!found || start === undefined) return refuse(file);
  let end = found.starts[index + 1] ?? found.lines.length;
  // What stands between two items at the left edge belongs to the next one.
  const edge = new RegExp(`^ {0,${found.indent.length}}(#.*)?\\r?\\n?$|^\\s*\\r?\\n?$`);
  while (end > start + 1 && edge.test(found.lines[end - 1]!)) end--;
  const left = [...found.lines.slice(0, start), ...found.lines.slice(end)].join('');
  // Nothing but comments would be no list any more.
  const after =
    found.starts.length === 1
      ? `${left}${left === '' || left.endsWith('\n') ? '' : endOf(text)}[]${endOf(text)}`
      : left;
  if (text.length > checkedChars)
    return itemsOf(found.lines.slice(start, end).join(''), file)?.length === 1 ? ok(after) : refuse(file);
  return checked(after, { before: text, file, meant });
};
