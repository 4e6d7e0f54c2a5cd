import { expect, test } from 'vitest';
import { purityOffences } from './tools/purity.js';
import { houseFiles } from './tools/tree.js';

const offences = (text: string, path = 'src/codec/x.ts'): readonly string[] => purityOffences([{ path, text }]);

test('the pure rooms touch no clock, dice, network or promise', () => expect(purityOffences(houseFiles())).toEqual([]));

test.each([
  `export const f = async () => 1;`,
  `async function f() {}`,
  `class A { async f() {} }`,
  `for await (const a of b) c(a);`,
  `export const f = () => Promise.resolve(1);`,
  `export type F = () => Promise<void>;`,
  `const f = () => setTimeout(g, 1);`,
  `const f = () => setInterval(g, 1);`,
  `const f = () => queueMicrotask(g);`,
  `const f = () => process.env;`,
  `const f = () => fetch('x');`,
  `const f = () => Math.random();`,
  `const f = () => globalThis;`,
  `const f = () => console.log(1);`,
  `const f = () => performance.now();`,
  `const f = () => crypto.randomUUID();`,
  `const f = () => Date.now();`,
  `const f = (us: number) => new Date(us);`,
  `const f = new Intl.NumberFormat();`,
  `import { readFileSync } from 'node:fs';`,
  `import { createHash } from 'node:crypto';`,
  `const f = () => import('./y.js');`,
  `const f = (n: number) => n.toLocaleString();`,
  `const f = (a: string, b: string) => a.localeCompare(b);`,
  `let count = 0;`,
  `export let log: unknown;`,
  `var a = 1;`,
])('a pure room must not say %s', (text) => expect(offences(text)).not.toEqual([]));

test.each([
  `// await Promise, process.env, Date.now()\nexport const a = 'await fetch(process.env)';`,
  `export const f = (process: number): number => process + 1;`,
  `export const f = (a: { fetch: number; Date: string }) => a.fetch;`,
  `export const f = () => { let n = 0; return n++; };`,
  `export const at = { process: 1, setTimeout: 2 };`,
])('a pure room may say %s', (text) => expect(offences(text)).toEqual([]));

test('only base/time.ts knows calendars, and only with an argument', () => {
  expect(offences('export const f = (ms: number) => new Date(ms);', 'src/base/time.ts')).toEqual([]);
  expect(offences('export const f = () => new Date();', 'src/base/time.ts')).toHaveLength(1);
  expect(offences('export const f = () => Date.now();', 'src/base/time.ts')).toHaveLength(1);
  expect(offences(`import { createHash } from 'node:crypto';`, 'src/base/digest.ts')).toEqual([]);
  expect(offences(`import { randomBytes } from 'node:fs';`, 'src/base/digest.ts')).toHaveLength(1);
});

test('the shell may', () => expect(offences('await fetch(process.env.URL);', 'src/io/x.ts')).toEqual([]));
