import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine, readCsv } from '../../../src/dialects/registry/csv.js';

const cells = (text: string): readonly (readonly string[])[] => {
  const csv = readCsv(text, 'f');
  return [csv.header.cells, ...[...csv.rows()].map((row) => row.cells)];
};

describe('CSV', () => {
  test.each([
    ['a,b\n1,2\n', ',', 'comma'],
    ['a;b\r\n1;2\r\n', ';', 'semicolon and CR LF, as a German spreadsheet writes'],
    ['a\tb\n1\t2', '\t', 'tab, no end of the last line'],
    ['\ufeffa,b\n1,2\n', ',', 'byte order mark'],
    ['sep=;\r\na;b\r\n1;2\r\n', ';', 'sep= of a spreadsheet'],
    ['"a";"b"\n"1";"2"\n', ';', 'everything in quotes'],
    ['"a",b\r1,2\r', ',', 'CR alone'],
    ['\n\na,b\n\n1,2\n,\n', ',', 'empty lines'],
    [' a , b \n 1 , 2 \n', ',', 'blanks around cells'],
  ])('%j: %s (%s)', (text, delimiter) => {
    expect(readCsv(text, 'f').delimiter).toBe(delimiter);
    expect(cells(text)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  test('quotes hold delimiters, line ends and quotes', () =>
    expect(cells('a,b\n"x, ""y""\nz",2\n')).toEqual([
      ['a', 'b'],
      ['x, "y"\nz', '2'],
    ]));

  test('a place is where the cell begins, below a row of several lines, too', () => {
    const csv = readCsv('a,b,c\n"x\ny",2,"z"\n1,22,3\n', 'f.csv');
    const [first, second] = [...csv.rows()];
    expect(csv.placeOf(first!, 0)).toEqual({ file: 'f.csv', line: 2, column: 1 });
    expect(csv.placeOf(first!, 1)).toEqual({ file: 'f.csv', line: 3, column: 4 });
    expect(csv.placeOf(first!, 2)).toEqual({ file: 'f.csv', line: 3, column: 6 });
    expect(csv.placeOf(second!, 2)).toEqual({ file: 'f.csv', line: 4, column: 6 });
  });

  test('quotes that do not fit are said with their place', () => {
    const problems = (text: string): unknown => [...readCsv(text, 'f').rows()].map((row) => row.problem);
    expect(problems('a,b\n1,"2\n3,4')).toMatchObject([{ code: 'csv-quote-open', at: { line: 2, column: 3 } }]);
    expect(problems('a,b\n1,"2"3\n')).toMatchObject([{ code: 'csv-quote-stray', at: { line: 2, column: 6 } }]);
    expect(problems('a,b\n1,2"3\n')).toEqual([undefined]);
  });

  test('what is written is read', () => {
    // Blanks at the ends of a cell mean nothing to us, and an empty row is none.
    const cell = fc.string().map((text) => text.trim());
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, (all) => {
        const text = [['h1', 'h2'], ...all].map((row) => `${csvLine(row)}\r\n`).join('');
        const plain = (row: readonly string[]): readonly string[] =>
          row.map((one) => (/^'+[=+\-@]/.test(one) ? one.slice(1) : one));
        const wanted = all.filter((row) => row.some((one) => one !== ''));
        expect(cells(text).slice(1).map(plain)).toEqual(wanted);
      }),
    );
  });

  test('never throws, and every row lies inside the text', () => {
    const piece = fc.constantFrom(',', ';', '\t', '"', '\n', '\r', '\r\n', 'a', ' ', '\ufeff', 'sep=');
    const texts = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const csv = readCsv(text, 'f');
        let last = 0;
        for (const row of csv.rows()) {
          expect(row.line).toBeGreaterThan(last);
          last = row.line;
          const { line, column } = csv.placeOf(row, row.cells.length - 1);
          expect(line).toBeGreaterThanOrEqual(row.line);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('no cell is a formula to a spreadsheet', () =>
    expect(csvLine(['=1+1', '+49', '-x', '@a', "'=1", 'a=b'])).toBe(`'=1+1,'+49,'-x,'@a,''=1,a=b`));
});
