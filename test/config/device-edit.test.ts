import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { withDevices, withoutDevice } from '../../src/config/device-edit.js';
import { jsonList, yamlItem, yamlList, type ListedDevice } from '../../src/config/device-text.js';
import { readDocument } from '../../src/config/yaml.js';

const read = (text: string): unknown => must(readDocument(text, 'f')).value ?? [];
const plain = (text: string): unknown => JSON.parse(JSON.stringify(read(text)));
const one: ListedDevice = { devEui: '0200000000000009', model: 'm', otaa: { appKey: 'env:KEY' } };
const added = `- devEui: "0200000000000009"\n  model: m\n  otaa:\n    appKey: "env:KEY"\n`;

const byHand = `# Our street.
# Keys: see the safe.

- devEui: fcd6bd00001936b0   # the gate
  bay: 'og-01'
  model: bosch-tps110
  otaa: { appKey: env:OG_01 }

# Second level
-
  devEui: fcd6bd00001936b1
  model: "bosch-tps110"
  # not the old key
  otaa:
      appKey: env:OG_02
  options: {firmware: 0.23}
# the last one
- { devEui: fcd6bd00001936b2, model: pni-placepod,
    abp: { devAddr: 2601E123, nwkSKey: env:A, appSKey: env:B } }
# end
`;

describe('devices come and go as lines', () => {
  test('at the end of a file that a person wrote; all above stays', () => {
    expect(must(withDevices(byHand, [one], 'f'))).toBe(byHand + added);
    expect(must(withDevices(byHand.trimEnd(), [one], 'f'))).toBe(byHand + added);
    expect(must(withDevices('', [one], 'f'))).toBe(added);
    expect(must(withDevices('# mine\n', [one], 'f'))).toBe(`# mine\n${added}`);
    expect(must(withDevices('# mine\n[]\n', [one], 'f'))).toBe(`# mine\n${added}`);
  });

  test('the indentation and the line ends are those of the file', () => {
    const text = 'x'.replace('x', '  - devEui: a\r\n    model: m\r\n');
    const more = must(withDevices(text, [one], 'f'));
    expect(more).toBe(text + added.replace(/^/gm, '  ').trimEnd().replaceAll('\n', '\r\n') + '\r\n');
  });

  test('one goes with its own lines; comments stay', () => {
    const lines = byHand.split('\n');
    const without = (from: number, to: number): string => [...lines.slice(0, from), ...lines.slice(to)].join('\n');
    expect(must(withoutDevice(byHand, 0, 'f'))).toBe(without(3, 7));
    expect(must(withoutDevice(byHand, 1, 'f'))).toBe(without(9, 16));
    expect(must(withoutDevice(byHand, 2, 'f'))).toBe(without(17, 19));
  });

  test('the last one leaves an empty list', () => {
    const left = must(withoutDevice(`# mine\n${added}`, 0, 'f'));
    expect(left).toBe('# mine\n[]\n');
    expect(must(withDevices(left, [one], 'f'))).toBe(`# mine\n${added}`);
  });

  test('lists in brackets', () => {
    const text = '[\n  {"devEui":"a","x":"],{"}, # first\n  {"devEui":"b"} # last\n]\n';
    const more = must(withDevices(text, [one], 'f'));
    expect(more.startsWith('[\n  {"devEui":"a","x":"],{"}, # first\n  {"devEui":"b"},\n')).toBe(true);
    expect(plain(more)).toHaveLength(3);
    expect(plain(must(withoutDevice(text, 0, 'f')))).toEqual([{ devEui: 'b' }]);
    expect(plain(must(withoutDevice(text, 1, 'f')))).toEqual([{ devEui: 'a', x: '],{' }]);
    expect(plain(must(withoutDevice('[{devEui: a}]', 0, 'f')))).toEqual([]);
    expect(plain(must(withDevices('[{devEui: a},]', [one], 'f')))).toHaveLength(2);
  });

  test.each([
    ['a: 1\n', 'no list'],
    ['- {a: 1}\n...\n', 'an end mark'],
    ['[a, b] # ]\nc\n', 'something behind the bracket'],
    ['- |\n  text\n- "open\n', 'no YAML'],
  ])('%j is left alone: %s', (text) =>
    expect(withDevices(text, [one], 'f')).toMatchObject({ ok: false, problem: { code: 'devices-hand-made' } }),
  );

  const word = fc.oneof(
    fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
    fc.constantFrom(
      '2601E123',
      '0x10',
      'yes',
      'null',
      '~',
      '1.0',
      '-',
      '#a',
      'a: b',
      "it's",
      '"',
      '[',
      '*a',
      '&a',
      '- a',
      'ä',
      '2026-01-01',
      '.inf',
    ),
  );
  const device: fc.Arbitrary<ListedDevice> = fc.record(
    {
      devEui: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 }),
      name: word,
      bay: word,
      otaa: fc.record({ appKey: word }),
      options: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(word, fc.integer().map(String)), {
        minKeys: 1,
      }),
    },
    { requiredKeys: ['devEui', 'otaa'] },
  );

  test('what is written is read, as YAML and as JSON', () =>
    fc.assert(
      fc.property(fc.array(device, { maxLength: 4 }), (devices) => {
        expect(plain(yamlList(devices))).toEqual(devices);
        expect(plain(jsonList(devices))).toEqual(devices);
      }),
    ));

  test('any order of coming and going ends with the right devices', () =>
    fc.assert(
      fc.property(
        fc.array(device, { maxLength: 4 }),
        fc.array(fc.oneof(device, fc.nat(9)), { maxLength: 8 }),
        fc.boolean(),
        (first, steps, asJson) => {
          let text = asJson
            ? jsonList(first)
            : `# a\n${first.map((each) => `${yamlItem(each, '  ')}\n# b\n`).join('')}`;
          const model: unknown[] = [...first];
          for (const step of steps) {
            if (typeof step === 'number') {
              if (model.length === 0) continue;
              text = must(withoutDevice(text, step % model.length, 'f'));
              model.splice(step % model.length, 1);
            } else {
              text = must(withDevices(text, [step], 'f'));
              model.push(step);
            }
            expect(plain(text)).toEqual(model);
          }
        },
      ),
      { numRuns: 60 },
    ));

  test('never throws, whatever the file is', () => {
    const piece = fc.constantFrom(
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      ' ',
      '\n',
      '#',
      '"',
      "'",
      'a',
      '\r\n',
      '  ',
      '|',
      '---\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(3), (pieces, index) => {
        withDevices(pieces.join(''), [one], 'f');
        withoutDevice(pieces.join(''), index, 'f');
      }),
      { numRuns: 1_000 },
    );
  });
});

test('in a long list, too, exactly one comes or goes', () => {
  const many = Array.from({ length: 9_000 }, (_, i) => ({ ...one, devEui: `dev ${i}`, name: 'n'.repeat(60) }));
  const text = `# ours\n${yamlList(many)}# end\n`;
  expect(text.length).toBeGreaterThan(1 << 20);
  expect(must(withDevices(text, [one], 'f'))).toBe(text + added);
  expect(must(withoutDevice(text, 4_321, 'f'))).toBe(
    `# ours\n${yamlList(many.filter(({ devEui }) => devEui !== 'dev 4321'))}# end\n`,
  );
});
