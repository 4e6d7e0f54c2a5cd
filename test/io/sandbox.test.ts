import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as said, hintOf } from '../../src/base/problem.js';
import type { Result } from '../../src/base/result.js';
import { openSandbox, type Sandbox } from '../../src/io/sandbox.js';
import { codecOf, codecText, openCodec } from './codecs.js';

const moment = { nowUs: 1_780_000_000_123_456, seed: 'seed' };
const up = (box: Sandbox, bytes: readonly number[] = [1, 2, 3], fPort = 1): Result<unknown> =>
  box.call('decodeUplink', { bytes, fPort, recvTime: '2026-05-28T20:26:40.123Z' }, moment);
const open = (source: string): ReturnType<typeof openSandbox> => openSandbox({ source, file: 'vendor.js' });

test('runs codecs of every style as they are', async () => {
  expect(up(await openCodec(codecText('bay-guard')), [1, 0x0e, 0x10, 0xf6], 2)).toEqual({
    ok: true,
    value: {
      data: {
        parking: { status: 'occupied', car: true },
        battery: '3.60',
        tempRaw: -10,
        time: '2026-05-28T20:26:40.123Z',
      },
      warnings: [],
    },
  });
  expect(up(await openCodec(codecText('four-heads')), [5, 10, 20, 30, 40])).toMatchObject({
    value: { data: { heads: [{ occupied: true, distance: 10 }, { occupied: false }, {}, {}], inverted: false } },
  });
  expect(up(await openCodec(codecText('old-plate')), [1, 36])).toEqual({
    ok: true,
    value: { data: { car: true, battery: 3.6 } },
  });
  expect(up(await openCodec(codecText('exported')), [2])).toMatchObject({
    value: { data: { occupied: false, tamper: true } },
  });
  for (const source of [
    'exports.decodeUplink = () => ({ data: {} });',
    'module.exports = { default: { decodeUplink() { return { data: {} }; } } };',
    'let decodeUplink = function () { return { data: {} }; };',
    '\ufefffunction decodeUplink() {\ufffc return { data: {} }; }',
    'function decodeUplink() { return { data: {} }; } function Decode() { return { old: true }; }',
  ])
    expect(up(await openCodec(source)), source).toEqual({ ok: true, value: { data: {} } });
});

test('knows which functions a codec has, under their names in TS013', async () => {
  const both = await openCodec(codecText('both-ways'));
  const has = (box: Sandbox): readonly boolean[] =>
    ['decodeUplink', 'encodeDownlink', 'decodeDownlink', 'run', 'constructor'].map((name) => box.has(name));
  expect(has(both)).toEqual([true, true, true, false, false]);
  expect(has(await openCodec(codecText('bay-guard')))).toEqual([true, false, false, false, false]);
  const old = await openCodec(codecText('old-plate'));
  expect(has(old)).toEqual([true, true, false, false, false]);
  expect(old.call('encodeDownlink', { data: { led: true }, fPort: 5 }, moment)).toEqual({
    ok: true,
    value: { fPort: 5, bytes: [1] },
  });
  expect(old.call('decodeDownlink', { bytes: [] }, moment)).toMatchObject({ problem: { code: 'codec-no-entry' } });
  both.close();
  expect(both.has('decodeUplink')).toBe(false);
  expect(up(both)).toMatchObject({ problem: { code: 'codec-no-entry' } });
});

test('the clock stands, the dice are named, the zone is UTC, and nothing is remembered', async () => {
  const box = await openCodec(codecText('clock-and-dice'));
  const first = up(box);
  expect(first).toMatchObject({
    value: {
      data: {
        calls: 1,
        now: 1_780_000_000_123,
        received: '2026-05-28T20:26:40.123Z',
        year: Date.UTC(2020, 5, 1),
        offset: 0,
      },
    },
  });
  for (let i = 0; i < 20; i++) expect(up(box)).toEqual(first);
  const again = await openCodec(codecText('clock-and-dice'));
  expect(up(again)).toEqual(first);
  const diceOf = (seed: string): unknown =>
    (box.call('decodeUplink', { bytes: [] }, { ...moment, seed }) as { value: { data: { dice: unknown } } }).value.data
      .dice;
  expect(diceOf('seed')).toEqual(diceOf('seed'));
  expect(diceOf('seed')).not.toEqual(diceOf('other'));
  expect(new Set(diceOf('seed') as number[]).size).toBe(2);
});

test("the host's time zone does not show", async () => {
  const before = process.env['TZ'];
  try {
    process.env['TZ'] = 'Asia/Tokyo';
    expect(new Date(0).getHours()).toBe(9);
    const box = await openCodec(codecOf('return [new Date(0).getHours(), String(new Date("2020-06-01T00:00"))];'));
    expect(up(box)).toEqual({ ok: true, value: [0, 'Mon Jun 01 2020 00:00:00 GMT+0000'] });
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test('what one call leaves behind, in globals, prototypes or memory, no other call finds', async () => {
  const box = await openCodec(
    codecOf(`
    const before = [typeof left, typeof {}.left, Math.max(1, 2), new Uint8Array(1 << 20).indexOf(255)];
    globalThis.left = 1;
    Object.prototype.left = 1;
    Math.max = () => 0;
    JSON.stringify = Array.isArray = () => 'spoilt';
    new Uint8Array(4 << 20).fill(255);
    return before;`),
  );
  for (let i = 0; i < 3; i++) expect(up(box)).toEqual({ ok: true, value: ['undefined', 'undefined', 2, -1] });
  expect(({} as Record<string, unknown>)['left']).toBeUndefined();
});

test.each([
  ['function decodeUplink(input) {\n  return input.;\n}', 'codec-syntax', 'vendor.js:2:'],
  ['export function decodeUplink() {}', 'codec-syntax', 'vendor.js:1:1: the codec is not JavaScript'],
  ['import x from "x";', 'codec-syntax', 'vendor.js:1:'],
  ['\n\nthrow new Error("at the top");', 'codec-threw', 'vendor.js:3:'],
  ['var decodeUplink = 1;', 'codec-no-entry', 'the codec has no function decodeUplink'],
  ['function encodeDownlink() {}', 'codec-no-entry', 'decodeUplink'],
  ['while (true);', 'codec-too-long', 'steps'],
  ['var x = "x".repeat(2 ** 25);', 'codec-memory', 'memory'],
  ['[['.repeat(50_000), 'codec-too-deep', ''],
  ['x'.repeat(2 ** 20 + 1), 'file-too-large', ''],
])('refuses %.40s when it is opened', async (source, code, sentence) => {
  const box = await open(source);
  expect(box).toMatchObject({ ok: false, problem: { code } });
  if (!box.ok) expect(said(box.problem)).toContain(sentence);
  expect(up(await openCodec(codecOf('return 1;')))).toEqual({ ok: true, value: 1 });
});

test('an error of the codec has its words and its line', async () => {
  const box = await openCodec(
    '// first line\nfunction read(b) {\n  return b.x.y;\n}\n' + codecOf('return read(input);'),
  );
  const result = up(box);
  expect(result).toMatchObject({ problem: { code: 'codec-threw', at: { file: 'vendor.js', line: 3 } } });
  if (result.ok) return;
  expect(said(result.problem)).toMatch(/^vendor\.js:3:\d+: the codec gave up: TypeError: cannot read property 'y'/);
  expect(hintOf(result.problem)).toBeDefined();
});

test.each([
  ['"text"', 'text'],
  ['{ code: 4 }', '{"code":4}'],
  ['null', 'null'],
  ['undefined', 'undefined'],
  ['Symbol("s")', 'Symbol(s)'],
  ['() => 1', '() => 1'],
  ['{ get message() { throw 1; } }', 'cannot be told'],
  ['{ toString() { throw 1; } }', 'cannot be told'],
  ['new Proxy({}, { get() { throw 1; } })', 'cannot be told'],
  ['Object.assign(new Error("m"), { stack: { toString() { return "vendor" } } })', 'Error: m'],
  ['"x".repeat(100000)', 'x'.repeat(300)],
])('takes %s as something thrown', async (thrown, why) => {
  const result = up(await openCodec(codecOf(`throw ${thrown};`)));
  expect(result).toMatchObject({ ok: false, problem: { code: 'codec-threw' } });
  if (!result.ok) expect(String(result.problem.facts['why'])).toContain(why);
  if (!result.ok) expect(String(result.problem.facts['why']).length).toBeLessThanOrEqual(300);
});

test('gives null for what JSON has no word for, as servers do', async () => {
  const data = '{ volt: (input.bytes[9] << 8) + NaN, list: [1, 1 / 0], at: new Date(NaN), gone: undefined }';
  expect(up(await openCodec(codecOf(`return ${data};`)))).toEqual({
    ok: true,
    value: { volt: null, list: [1, null], at: null },
  });
});

test.each([
  ['undefined', 'the result', 'nothing came back'],
  ['{ a: 10n }', 'a', 'bigint'],
  ['{ a() {} }', 'a', 'function'],
  ['{ a: Symbol("s") }', 'a', 'symbol'],
  ['{ get a() { return 1; } }', 'a', 'getter'],
  ['(function () { const a = {}; a.b = { a }; return a; })()', 'b.a', 'contains itself'],
  ['(function () { let a = 1; for (let i = 0; i < 40; i++) a = [a]; return a; })()', '0.0', 'nests deeper'],
  ['Promise.resolve(1)', 'the result', 'Promise'],
  ['{ a: new Map() }', 'a', 'Map'],
  ['{ a: /x/ }', 'a', 'RegExp'],
  ['JSON.parse(\'{"a":{"__proto__":{"x":1}}}\')', 'a.__proto__', 'not taken'],
  ['"x".repeat(65537)', 'the result', 'longer'],
  ['new Array(1e6)', 'the result', 'longer'],
  ['new Array(3e4).fill("abcdef")', '', 'longer'],
  ['new Uint8Array(1e6)', 'the result', 'longer'],
])('refuses the result %s', async (value, path, why) => {
  const result = up(await openCodec(codecOf(`return ${value};`)));
  expect(result).toMatchObject({ ok: false, problem: { code: 'codec-bad-result' } });
  if (result.ok) return;
  expect(result.problem.facts['path']).toContain(path);
  expect(result.problem.facts['why']).toContain(why);
});

test('tricks in results are read as the data that they are, or thrown back', async () => {
  const value = async (text: string): Promise<unknown> => up(await openCodec(codecOf(`return ${text};`)));
  expect(
    await value('Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 1 } })'),
  ).toEqual({ ok: true, value: { own: 1 } });
  expect(await value('({ a: undefined, b: [undefined, , null], [Symbol("s")]: 1, c: -0 })')).toEqual({
    ok: true,
    value: { b: [null, null, null], c: 0 },
  });
  expect(await value('({ a: Uint8Array.of(1, 2), d: new Date(5) })')).toEqual({
    ok: true,
    value: { a: [1, 2], d: '1970-01-01T00:00:00.005Z' },
  });
  expect(await value('Object.defineProperty({ a: 1 }, "toJSON", { value: () => "trick" })')).toEqual({
    ok: true,
    value: { a: 1 },
  });
  expect(await value('new Proxy({ a: 1 }, {})')).toEqual({ ok: true, value: { a: 1 } });
  expect(await value('new Proxy({ a: 1 }, { ownKeys() { throw new Error("no") } })')).toMatchObject({
    problem: { code: 'codec-threw' },
  });
  expect(await value('new Proxy({ a: 1 }, { getOwnPropertyDescriptor() { for (;;); } })')).toMatchObject({
    problem: { code: 'codec-too-long' },
  });
});

// Keys of the language's own are refused, and are their own test.
const json = fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

test('plain data go in and come out as they are', async () => {
  const box = await openCodec(codecOf('return { data: input.value };'));
  fc.assert(
    fc.property(json, (value) => {
      const result = box.call('decodeUplink', { value }, moment);
      // JSON knows no negative zero.
      expect(result).toEqual({ ok: true, value: { data: JSON.parse(JSON.stringify(value)) as unknown } });
    }),
    { numRuns: 300 },
  );
});

test('ten thousand calls leave the engine as large as it was', async () => {
  const box = await openCodec(codecText('bay-guard'));
  for (let i = 0; i < 10; i++) up(box, [1, 2, 3, 4], 2);
  const { bytes, engineBytes } = box;
  const first = up(box, [1, 2, 3, 4], 2);
  for (let i = 0; i < 10_000; i++) up(box, [i & 255, 2, 3, 4], 1 + (i % 4));
  expect(box.bytes).toBe(bytes);
  expect(box.engineBytes).toBe(engineBytes);
  expect(up(box, [1, 2, 3, 4], 2)).toEqual(first);
});

test('two hundred sandboxes one after the other leave the engine as large as it was', async () => {
  const source = codecText('both-ways');
  const { engineBytes } = await openCodec(source);
  for (let i = 0; i < 200; i++) {
    const box = await openCodec(source);
    expect(up(box, [i & 1])).toEqual({ ok: true, value: { data: { occupied: (i & 1) === 1 } } });
    expect(box.engineBytes).toBe(engineBytes);
    box.close();
    expect(box.bytes).toBe(0);
  }
});

test('sandboxes beside each other do not know of each other', async () => {
  const boxes = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      openCodec(`var mine = ${i}; globalThis.all = (globalThis.all || 0) + 1;\n` + codecOf('return [mine, all];')),
    ),
  );
  for (const [i, box] of [...boxes.entries(), ...boxes.entries()]) expect(up(box)).toEqual({ ok: true, value: [i, 1] });
});
