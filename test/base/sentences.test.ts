import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sentences } from '../../src/base/sentences/index.js';

test('no code stands in two files of sentences: the later one would silently take the place of the other', async () => {
  const index = new URL('../../src/base/sentences/index.ts', import.meta.url);
  const parts = [...readFileSync(index, 'utf8').matchAll(/^import \{ (\w+) \} from '\.\/([\w-]+)\.js';$/gm)];
  const codes: string[] = [];
  for (const [, name = '', file = ''] of parts) {
    const tables = (await import(new URL(`${file}.ts`, index).href)) as Readonly<Record<string, object>>;
    codes.push(...Object.keys(tables[name]!));
  }
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  expect(new Set(codes)).toEqual(new Set(Object.keys(sentences)));
});
