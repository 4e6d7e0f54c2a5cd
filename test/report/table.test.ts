import { expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { formatLines } from '../../src/report/models.js';
import { textTable } from '../../src/report/table.js';
import { textWidth } from '../../src/report/wrap.js';

test('a text in the last column goes on below itself', () => {
  const rows = [
    ['a', 'one two three four'],
    ['bcd', 'five'],
  ];
  expect(textTable(rows, { indent: ' ', width: 18 })).toEqual([' a    one two', '      three four', ' bcd  five']);
  expect(textTable(rows, { indent: ' ', width: 17 }), 'too narrow').toEqual(textTable(rows, { indent: ' ' }));
  expect(textTable([['a'], ['b', 'c']], { width: 20 })).toEqual(['a', 'b  c']);
});

test('the tables of every model stay within the columns of a terminal', async () => {
  const catalogue = openCatalogue();
  for (const { id, entry } of await catalogue.all('sensors'))
    for (const format of must(entry).formats)
      for (const width of [80, 110]) {
        const lines = formatLines(format, width);
        expect(
          lines.filter((line) => textWidth(line) > width),
          `${id} ${format.type}`,
        ).toEqual([]);
        expect(lines.join('\n'), `${id} ${format.type}`).not.toContain('\u00a0');
        expect(lines.join(' ').replace(/ +/g, ' ')).toBe(formatLines(format, 1000).join(' ').replace(/ +/g, ' '));
      }
});

test('a number stays in a line with its name, and a unit with its number', () => {
  const rows = [{ where: 'byte 0', name: 'mode', says: '0 off, 11 both-edges, 12 falling-edge, times 0.1 (V)' }];
  const [, ...lines] = formatLines({ type: 'x', fPort: 1, direction: 'uplink', rows }, 34);
  expect(lines).toEqual([
    '  byte 0  mode  0 off,',
    '                11 both-edges,',
    '                12 falling-edge,',
    '                times 0.1 (V)',
  ]);
});
