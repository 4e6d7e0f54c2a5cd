import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('no code stands in two files of sentences: the later one would silently take the place of the other', () => {
  const folder = new URL('../../src/base/sentences/', import.meta.url);
  const codes = readdirSync(folder)
    .filter((file) => !['index.ts', 'labels.ts', 'reasons.ts'].includes(file))
    .flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^ {2}'?([a-z0-9-]+)'?: \{/gm)].map((hit) => hit[1]!),
    );
  expect(codes.length).toBeGreaterThan(100);
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
});
