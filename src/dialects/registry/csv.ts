import { placed, problem, type Place, type Problem } from '../../base/problem.js';

/** One row: its cells without quotes, and where it begins in the text. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Line and offset of its first character; a row with quoted line ends has several lines. */
  readonly line: number;
  readonly offset: number;
  /** What is wrong with its quotes. */
  readonly problem?: Problem;
}

export const delimiters = [',', ';', '\t'] as const;
export type Delimiter = (typeof delimiters)[number];

/** A table in a text: the first row names the columns. */
export interface CsvText {
  readonly delimiter: Delimiter;
  readonly header: CsvRow;
  /** The rows below, empty ones left out; reads on as it is asked. */
  rows(): Generator<CsvRow, void, undefined>;
  /** Where a cell begins, counted from 0; behind the last one, the end of the row. */
  placeOf(row: CsvRow, cell: number): Place;
}

/** Reads one row, from its offset on; `starts` takes the offset of each cell. */
const readRow = (
  text: string,
  from: { readonly offset: number; readonly line: number },
  { delimiter, starts, file }: { readonly delimiter: Delimiter; readonly starts?: number[]; readonly file: string },
): { readonly row: CsvRow; readonly next: number; readonly nextLine: number } => {
  const cells: string[] = [];
  let { offset: at, line } = from;
  let lineStart = at;
  let wrong: Problem | undefined;
  const complain = (
    code: 'csv-quote-open' | 'csv-quote-stray',
    offset: number,
    inLine: number,
    begin: number,
  ): void => {
    wrong ??= placed(problem(code), { file, line: inLine, column: offset - begin + 1 });
  };
  for (;;) {
    starts?.push(at);
    let cell: string;
    if (text.charAt(at) === '"') {
      const open = { at, line, lineStart };
      let value = '';
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        const end = quote < 0 ? text.length : quote;
        for (let nl = text.indexOf('\n', at); nl >= 0 && nl < end; nl = text.indexOf('\n', nl + 1)) {
          line++;
          lineStart = nl + 1;
        }
        value += text.slice(at, end);
        at = end + 1;
        if (quote < 0) {
          complain('csv-quote-open', open.at, open.line, open.lineStart);
          at = text.length;
          break;
        }
        if (text.charAt(at) !== '"') break;
        value += '"';
        at++;
      }
      cell = value;
      const stray = at;
      while (at < text.length && !isEnd(text.charCodeAt(at), delimiter)) at++;
      const rest = text.slice(stray, at);
      if (rest.trim() !== '') complain('csv-quote-stray', stray, line, lineStart);
    } else {
      const start = at;
      while (at < text.length && !isEnd(text.charCodeAt(at), delimiter)) at++;
      cell = text.slice(start, at);
    }
    cells.push(cell.trim());
    if (text.charAt(at) !== delimiter) break;
    at++;
  }
  // CR LF, LF, and the CR alone of old Macintoshes.
  if (text.charAt(at) === '\r') at++;
  if (text.charAt(at) === '\n') at++;
  const row = { cells, line: from.line, offset: from.offset, ...(wrong && { problem: wrong }) };
  return { row, next: at, nextLine: line + 1 };
};

const isEnd = (code: number, delimiter: Delimiter): boolean =>
  code === 10 || code === 13 || code === delimiter.charCodeAt(0);

/** The delimiter that stands most often in the header, outside of quotes. */
const detect = (text: string, offset: number): Delimiter => {
  const counts = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (let at = offset; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && Object.hasOwn(counts, char)) counts[char as Delimiter]++;
  }
  return delimiters.reduce((best, one) => (counts[one] > counts[best] ? one : best));
};

/**
 * Reads a CSV text (RFC 4180) as spreadsheets write it: comma, semicolon or tab, quotes, CR LF or LF, a byte order mark,
 * a first line `sep=;`, empty lines. Blanks around a cell do not count. Never throws; what is wrong is said in its row.
 */
export const readCsv = (text: string, file: string): CsvText => {
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const said = /^sep=([,;\t])\r?\n?/.exec(text.slice(bom, bom + 8));
  let from = { offset: bom + (said?.[0].length ?? 0), line: said ? 2 : 1 };
  // Lines above the header that say nothing.
  for (let blank = /^[ \t]*\r?\n/; ;) {
    const found = blank.exec(text.slice(from.offset, from.offset + 1_000));
    if (!found) break;
    from = { offset: from.offset + found[0].length, line: from.line + 1 };
  }
  const delimiter = (said?.[1] as Delimiter | undefined) ?? detect(text, from.offset);
  const first = readRow(text, from, { delimiter, file });
  return {
    delimiter,
    header: first.row,
    *rows() {
      let { next: offset, nextLine: line } = first;
      while (offset < text.length) {
        const { row, next, nextLine } = readRow(text, { offset, line }, { delimiter, file });
        if (row.cells.some((cell) => cell !== '')) yield row;
        offset = next;
        line = nextLine;
      }
    },
    placeOf(row, cell) {
      const starts: number[] = [];
      readRow(text, row, { delimiter, file, starts });
      const offset = starts[Math.min(cell, starts.length - 1)]!;
      const before = text.slice(row.offset, offset);
      const lines = before.split('\n');
      return { file, line: row.line + lines.length - 1, column: lines.at(-1)!.length + 1 };
    },
  };
};

// What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection); a quote in front makes it text.
const formula = /^'*[=+\-@]/;

/** A cell without the quote that keeps a spreadsheet from taking it for a formula. */
export const plainCell = (cell: string): string => (/^'+[=+\-@]/.test(cell) ? cell.slice(1) : cell);

const cellText = (value: string): string => {
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A line of a CSV file, without its end. */
export const csvLine = (cells: readonly string[]): string => cells.map(cellText).join(',');
