import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/base/result.js';
import { readListDocument } from '../../src/config/device-list.js';
import { jsonList, yamlList, type ListedDevice } from '../../src/config/device-text.js';
import { readDocument, type TextDocument } from '../../src/config/yaml.js';

const inPieces = { wholeChars: 0, itemsInPiece: 3 };
const many: readonly ListedDevice[] = Array.from({ length: 10 }, (_, i) => ({
  devEui: (0x0200_0000_0000 + i).toString(16).padStart(16, '0'),
  bay: `bay: ${i}`,
  model: 'cicicom-s-lg-i3',
  otaa: { joinEui: '70b3d57ed0000001', appKey: '2b7e151628aed2a6abf7158809cf4f3c' },
}));
const paths: readonly (readonly PropertyKey[])[] = [
  ...[[], [0], [2, 'bay'], [3, 'otaa', 'appKey'], [9, 'model'], [4, 'none'], [7, 'otaa', 'none'], [10, 'bay']],
];

const same = (text: string, { exactly = true } = {}): void => {
  const [pieces, whole] = [readListDocument(text, 'f', inPieces), readDocument(text, 'f')];
  const plain = (read: Result<TextDocument>): unknown =>
    read.ok ? JSON.stringify(read.value.value ?? []) : exactly && read.problem;
  expect(plain(pieces)).toEqual(plain(whole));
  if (!pieces.ok || !whole.ok || !Array.isArray(whole.value.value)) return;
  for (const path of paths)
    if (path.length === 0 || Number(path[0]) < whole.value.value.length)
      for (const part of [undefined, 'name'] as const)
        expect(pieces.value.at(path, part)).toEqual(whole.value.at(path, part));
};

describe('a long list of devices is read in pieces as it is in one', () => {
  test.each([
    ['YAML', `# ours\n\n${yamlList(many)}# end\n`],
    ['JSON', jsonList(many)],
    ['with CR LF', `# ours\r\n${yamlList(many).replaceAll('\n', '\r\n')}`],
    ['with an alias', `- &first { devEui: a }\n${yamlList(many)}- *first\n`],
    ['with a document mark', `---\n${yamlList(many)}`],
    ['with a name twice', yamlList(many).replace('"bay: 7"', 'a\n  bay: b')],
    ['with a bracket open', yamlList(many).replace('"bay: 7"', '{')],
    ['with something else at the end', `${yamlList(many)}a: b\n`],
    ['with a text of several lines', yamlList(many).replace('"bay: 7"', '|\n    - a\n\n    # b')],
    ['in brackets', JSON.stringify(many)],
    ['no list', 'a: b\n'],
    ['nothing', ''],
  ])('%s', (_, text) => same(text));

  test('whatever stands there', () => {
    const line = fc.constantFrom(
      ...['- a: b', '  c: d', '- "x', '  y"', '# e', '', '- [1,', '  2]', '- |', '  f', '-', '-g', '- - h', '  - i'],
      ...['- {"a":"b"},', '{"a":"b"},', '{"a":"b"}', '[', ']', '  a: c', '- &a b', '- *a', '\t- j', '- k: {', '}'],
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) =>
        // Where something begins that never ends, its piece may say it another way.
        same(lines.join('\n'), { exactly: false }),
      ),
      { numRuns: 1_500 },
    );
  });
});
