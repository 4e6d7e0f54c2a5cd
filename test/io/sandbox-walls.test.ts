import { expect, test } from 'vitest';
import type { Result } from '../../src/base/result.js';
import type { Sandbox } from '../../src/io/sandbox.js';
import { codecOf, openCodec } from './codecs.js';

const moment = { nowUs: 0, seed: '' };
const up = (box: Sandbox, input: unknown = { bytes: [1], fPort: 1 }): Result<unknown> =>
  box.call('decodeUplink', input, moment);
const value = async (expression: string): Promise<unknown> => {
  const result = up(await openCodec(codecOf(`return ${expression};`)));
  return result.ok ? result.value : result.problem.code;
};

const language = [
  ...['AggregateError', 'Array', 'ArrayBuffer', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView'],
  ...['Date', 'Error', 'EvalError', 'FinalizationRegistry', 'Float16Array', 'Float32Array', 'Float64Array', 'Function'],
  ...['Infinity', 'Int16Array', 'Int32Array', 'Int8Array', 'InternalError', 'Iterator', 'JSON', 'Map', 'Math', 'NaN'],
  ...['Number', 'Object', 'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'String'],
  ...['Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array'],
  ...['Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet', 'decodeURI', 'decodeURIComponent', 'encodeURI'],
  ...['encodeURIComponent', 'escape', 'globalThis', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'undefined'],
  ...['unescape'],
];

test('a codec sees the language, a silent console, exports, and itself', async () => {
  const names = (await value('Object.getOwnPropertyNames(globalThis)')) as string[];
  const allowed = new Set([...language, 'console', 'exports', 'module', 'decodeUplink']);
  expect(names.filter((name) => !allowed.has(name))).toEqual([]);
  expect(await value('[typeof console.log, console.log("x"), console.error("x"), typeof console.table]')).toEqual([
    ...['function', null, null, 'function'],
  ]);
});

test('no way leads out', async () => {
  const names = ['process', 'require', 'fetch', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'setTimeout', 'eval'];
  for (const name of [...names, 'queueMicrotask', 'performance', 'Buffer', 'global', 'window', 'std', 'os', 'Worker'])
    expect(await value(`typeof ${name}`), name).toBe('undefined');
  for (const way of [
    `input.constructor.constructor('return this')()`,
    `(function () { return this; })()`,
    `Function('return this')()`,
    `Object.getPrototypeOf(function* () {}).constructor('return this')()`,
  ]) {
    expect(await value(`${way} === globalThis`), way).toBe(true);
    expect(await value(`typeof ${way}.process`), way).toBe('undefined');
  }
  for (const way of [
    `Function('return 1')()`,
    `new Function('a', 'return a')(1)`,
    `(async () => {}).constructor('return 1')()`,
    `Object.getPrototypeOf(function* () {}).constructor('yield 1')()`,
    `Reflect.construct(Function, ['return 1'])()`,
    `new (class extends Function {})('return 1')()`,
  ])
    expect(await value(way), way).toBe('codec-threw');
  expect(await value(`import('node:fs')`)).toBe('codec-bad-result');
  expect(await value(`(() => { import('node:fs').then((fs) => fs.writeFileSync('escaped', '')); return 1; })()`)).toBe(
    1,
  );
  expect(await value('new Error("x").stack.includes("/")')).toBe(false);
});

// Each would hold the engine for minutes to centuries, most of them inside one single operation of its library.
test.each([
  'for (;;);',
  'for (let i = 0; ; i++) Math.floor(i / 2);',
  'const start = Date.now(); while (Date.now() - start < 1000);',
  '/(a+)+$/.test("a".repeat(40) + "b");',
  '/(.*)*x/.test("a".repeat(100000));',
  'for (const x of (function* () { for (;;) yield 1; })());',
  '[...(function* () { for (;;) yield* []; })()];',
  'try { for (;;); } catch (e) { return 1; } finally { return 2; }',
  'for (;;) try { null.x; } catch (e) {}',
  '(function f() { try { f(); } finally { f(); } })();',
  '[].indexOf.call({ length: 2 ** 53 - 1 }, 1);',
  '[].join.call({ length: 2 ** 53 - 1 }, "");',
  '[].concat({ length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true });',
  'const a = []; a.length = 2 ** 32 - 1; a.sort();',
  '"a".repeat(4e6).indexOf("a".repeat(2e6) + "b");',
  'for (;;) String(7n ** 300000n);',
  'for (;;) "x".repeat(4e6);',
  'for (;;) JSON.parse("[" + "1,".repeat(1e5) + "1]");',
  'for (;;) new Uint8Array(8e6).sort();',
  'new Set([].values.call({ length: 2 ** 53 - 1 }));',
])('stops %s after so many steps, always the same', async (body) => {
  const box = await openCodec(codecOf(body), { steps: 5_000_000 });
  for (let i = 0; i < 2; i++)
    expect(up(box)).toEqual({ ok: false, problem: { code: 'codec-too-long', facts: { steps: 5_000_000 } } });
  expect(up(await openCodec(codecOf('return 1;')))).toEqual({ ok: true, value: 1 });
});

test('how far a codec comes is a count, not a time', async () => {
  const box = await openCodec(codecOf('const { n } = input; for (let i = 0; i < n; i++); return n;'), {
    steps: 200_000,
  });
  const most = (): number => {
    let [least, most] = [0, 1_000_000];
    while (most - least > 1) {
      const n = (least + most) >> 1;
      if (up(box, { n }).ok) least = n;
      else most = n;
    }
    return least;
  };
  const first = most();
  expect(first).toBeGreaterThan(10_000);
  expect(most()).toBe(first);
});

test.each([
  ['"x".repeat(2 ** 28)', 'codec-memory'],
  ['"x".repeat(2 ** 30 - 1).length', 'codec-memory'],
  ['new Uint8Array(2 ** 25)', 'codec-memory'],
  ['new Array(2 ** 22).fill("x").map((x) => [x])', 'codec-memory'],
  ['(function () { const a = []; for (;;) a.push(new Uint8Array(65536)); })()', 'codec-memory'],
  ['(function f() { return f() + 1; })()', 'codec-too-deep'],
  ['(function () { const o = { toString() { return "" + o; } }; return "" + o; })()', 'codec-too-deep'],
  ['[1, 2].sort(function c() { return [1, 2].sort(c); })', 'codec-too-deep'],
  ['(function () { let a = []; for (let i = 0; i < 20000; i++) a = [a]; return String(a); })()', 'codec-too-deep'],
  [
    '(function () { let p = {}; for (let i = 0; i < 20000; i++) p = new Proxy(p, {}); return p.x; })()',
    'codec-too-deep',
  ],
])('%s is %s', async (expression, code) => {
  const box = await openCodec(codecOf(`if (input.bytes.length === 0) return 1; return ${expression};`));
  for (let i = 0; i < 3; i++) {
    expect(up(box)).toMatchObject({ ok: false, problem: { code } });
    expect(up(box, { bytes: [] })).toEqual({ ok: true, value: 1 });
  }
});

test('a codec that catches the end of memory finds it at the same place every time', async () => {
  const box = await openCodec(
    codecOf('const all = []; try { for (;;) all.push(new Uint8Array(65536)); } catch { return all.length; }'),
  );
  const first = up(box);
  expect(first).toMatchObject({ ok: true });
  const other = await openCodec(codecOf('return "x".repeat(2 ** 22).length;'));
  for (let i = 0; i < 5; i++) {
    expect(up(other)).toEqual({ ok: true, value: 2 ** 22 });
    expect(up(box)).toEqual(first);
  }
});

test('an input that does not fit is refused, and harms nothing', async () => {
  const box = await openCodec(codecOf('return input.text.length;'));
  expect(up(box, { text: 'x'.repeat(2 ** 20) })).toMatchObject({ problem: { code: 'codec-memory' } });
  expect(up(box, { text: 'ü'.repeat(500_000) })).toEqual({ ok: true, value: 500_000 });
});

test('promises are never kept: what is to happen later does not happen', async () => {
  const box = await openCodec(
    `var later = 0;\nPromise.resolve().then(function again() { later++; return Promise.resolve().then(again); });\n` +
      codecOf(
        'Promise.resolve().then(function () { for (;;) later++; }); (async () => { await 0; later++; })(); return later;',
      ),
  );
  for (let i = 0; i < 3; i++) expect(up(box)).toEqual({ ok: true, value: 0 });
  expect(await value('(async () => 1)()')).toBe('codec-bad-result');
});

test('results and inputs pollute no prototype', async () => {
  const box = await openCodec(codecOf('return { data: JSON.parse(input.text) };'));
  for (const text of ['{"__proto__":{"bad":1}}', '[{"a":{"__proto__":null}}]'])
    expect(up(box, { text })).toMatchObject({ problem: { code: 'codec-bad-result' } });
  expect(up(box, { text: '{"constructor":{"prototype":{"bad":1}}}' })).toMatchObject({ ok: true });
  expect(({} as Record<string, unknown>)['bad']).toBeUndefined();
});

test('a file that spoils the language spoils it for itself', async () => {
  const spoil = (owner: string): string =>
    `for (const name of Object.getOwnPropertyNames(${owner})) try { ${owner}[name] = () => { throw 'spoilt'; }; } catch {}\n`;
  const owners = ['JSON', 'Reflect', 'Math', 'String.prototype', 'Array.prototype', 'Date.prototype', 'Array'];
  const spoilt = await openCodec(owners.map(spoil).join('') + codecOf('return { data: [1, new Date(0)] };'));
  expect(up(spoilt)).toEqual({ ok: true, value: { data: [1, '1970-01-01T00:00:00.000Z'] } });
  expect(up(await openCodec(codecOf('return JSON.stringify({ data: [1].concat(2) });')))).toEqual({
    ok: true,
    value: '{"data":[1,2]}',
  });
});
