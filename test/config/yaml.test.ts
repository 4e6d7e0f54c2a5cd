import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readAs } from '../../src/config/document.js';
import { readDocument } from '../../src/config/yaml.js';

describe('reading YAML', () => {
  const why = (text: string): unknown => {
    const read = readDocument(text, 'f');
    return read.ok ? 'fine' : read.problem.facts['why'];
  };

  test('random text never throws, and every place is inside the text', () => {
    const word = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '&a ',
      '*a',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '>',
      '!',
      '%',
      '#',
      '?',
      '---\n',
      '\t',
      '<<',
      'é',
      '\u0000',
      '~',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readDocument(text, 'f');
        const at = read.ok ? read.value.at(['a', 0, 'b']) : read.problem.at;
        expect(at?.line).toBeGreaterThan(0);
        expect(at?.line).toBeLessThanOrEqual(text.split('\n').length);
        expect(at?.column).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('what JSON can say comes back as texts', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const read = readDocument(JSON.stringify(value), 'f');
        const texts = (one: unknown): unknown =>
          Array.isArray(one)
            ? one.map(texts)
            : one !== null && typeof one === 'object'
              ? Object.fromEntries(
                  Object.entries(one)
                    .filter(([name, v]) => name !== '' && v !== null)
                    .map(([name, v]) => [name, texts(v)]),
                )
              : one === null
                ? undefined
                : typeof one === 'string'
                  ? one
                  : JSON.stringify(one);
        fc.pre(!JSON.stringify(value).includes('"":'));
        expect(read).toMatchObject({ ok: true });
        if (read.ok) expect(read.value.value).toEqual(texts(value));
      }),
    ));

  test('a bomb of aliases, a knot, a tower, a flood of names', () => {
    const doubling = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    expect(why(['a0: &a0 [x, x]', ...doubling].join('\n'))).toBe('the aliases stand for more than 100000 values');
    expect(why('a: &a [*a]')).toBe('*a stands for something that holds itself');
    expect(why('['.repeat(100_000))).toBe('it nests deeper than 64 levels');
    expect(why(`${'['.repeat(70)}${']'.repeat(70)}`)).toBe('it nests deeper than 64 levels');
    expect(why(Array.from({ length: 70 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'))).toBe(
      'it nests deeper than 64 levels',
    );
    const flood = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(readDocument(flood, 'f').ok).toBe(true);
    expect(readDocument(`${flood}\nk7: 2`, 'f')).toMatchObject({
      problem: { code: 'option-twice', facts: { line: 8 } },
    });
    expect(readDocument('x'.repeat((16 << 20) + 1), 'f')).toMatchObject({ problem: { code: 'file-too-large' } });
  });

  test('an option without a colon is told, not taken for one without a value', () => {
    expect(why('{ from: battery, factor: 0,001 }')).toBe('a colon is missing; a number has a point, not a comma');
    expect(why('{ a: , b: }')).toBe('fine');
    expect(why('a:\nb: ~\n')).toBe('fine');
  });

  test('an alias is what it stands for, and its places are there', () => {
    const read = readDocument('a: &x { b: 1 }\nc: *x\n', 'f');
    expect(read.ok && read.value.value).toEqual({ a: { b: '1' }, c: { b: '1' } });
    expect(read.ok && read.value.at(['c', 'b'])).toMatchObject({ line: 1, column: 12 });
    expect(read.ok && read.value.at(['c', 'b'], 'name')).toMatchObject({ line: 1, column: 9 });
  });
});

describe('what the schema makes of texts', () => {
  const schema = z.strictObject({
    whole: z.int().optional(),
    number: z.number().optional(),
    truth: z.boolean().optional(),
    text: z.string().optional(),
    choice: z.literal([0, 1]).optional(),
    either: z.union([z.string(), z.array(z.int())]).optional(),
  });
  const as = (text: string): unknown => {
    const read = readDocument(text, 'f');
    const made = read.ok ? readAs(read.value, schema) : read;
    return made.ok ? made.value : undefined;
  };
  test.each([
    ['whole: 17', { whole: 17 }],
    ['whole: -0', { whole: -0 }],
    ['number: -1.5', { number: -1.5 }],
    ['truth: false', { truth: false }],
    ['text: 17', { text: '17' }],
    ['text: true', { text: 'true' }],
    ['choice: 1', { choice: 1 }],
    ['either: 5', { either: '5' }],
    ['either: [5, 6]', { either: [5, 6] }],
    ['whole:', {}],
    ['whole: ~', {}],
  ])('%s', (text, value) => expect(as(text)).toEqual(value));
  test.each(['0x10', '1e3', '010', '1_000', '١', 'Infinity', 'NaN', '"1 "', "''", '1.', '+1', 'yes'])(
    '%s is no number and no truth',
    (text) => {
      for (const name of ['whole', 'number', 'truth', 'choice']) expect(as(`${name}: ${text}`)).toBeUndefined();
    },
  );
});
