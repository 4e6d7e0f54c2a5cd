import { mkdtemp, readFile, rm, stat, writeFile, chmod, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { steppedClock } from '../../src/io/clock.js';
import { lineKeeper, mostLineBytes } from '../../src/io/exchange-lines.js';
import { openExchangeLog, type ExchangeLog } from '../../src/io/exchange-log.js';
import { latin1 } from './ears.js';

const startUs = 1_780_293_600_000_000;
const folderFor = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'stellwerk-exchange-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
const same = (line: string): string => line;
const opened = async (
  file: string,
  mostBytes?: number,
): Promise<ExchangeLog & { clock: ReturnType<typeof steppedClock> }> => {
  const clock = steppedClock(startUs);
  const log = must(await openExchangeLog({ file, clock, hide: same, ...(mostBytes !== undefined && { mostBytes }) }));
  return Object.assign(Object.create(log) as ExchangeLog, { clock });
};
/** The lines that pieces give. */
const linesOf = (pieces: readonly Uint8Array[], hide = same): readonly string[] => {
  const lines: string[] = [];
  const keeper = lineKeeper(hide, (line) => lines.push(line));
  pieces.forEach((piece) => keeper.take(piece));
  keeper.end();
  return lines;
};

test('a line each, with its instant and direction, for its owner alone', async () => {
  const folder = await folderFor();
  const file = join(folder, 'made', 'board.log');
  const log = await opened(file);
  log.heard('out', latin1('AT+VER'));
  log.heard('in', latin1('AT+V'));
  log.clock.advance(startUs + 1_234);
  log.heard('out', latin1('=?\r\n'));
  log.heard('in', latin1('ER=?\r\n\x1b[1mé\\\0\tOK\n\r\n'));
  log.heard('in', latin1('half'));
  await Promise.all([log.close(), log.close()]);
  log.heard('in', latin1('late\n'));
  expect(await readFile(file, 'latin1')).toBe(
    [
      '2026-06-01T06:00:00.001234Z > AT+VER=?',
      '2026-06-01T06:00:00.001234Z < AT+VER=?',
      '2026-06-01T06:00:00.001234Z < \\x1b[1m\\xe9\\\\\\x00\\tOK',
      '2026-06-01T06:00:00.001234Z < ',
      '2026-06-01T06:00:00.001234Z < half',
      '',
    ].join('\n'),
  );
  expect(log.problem).toBeUndefined();
  if (process.platform === 'win32') return;
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'made'))).mode & 0o777).toBe(0o700);
});

test('a file that is there grows, and is closed to others', async () => {
  const file = join(await folderFor(), 'board.log');
  await writeFile(file, 'before\n');
  await chmod(file, 0o644);
  const log = await opened(file);
  log.heard('in', latin1('OK\n'));
  await log.close();
  expect(await readFile(file, 'utf8')).toMatch(/^before\n.* < OK\n$/);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a full file becomes the one before, and there are never more than two', async () => {
  const folder = await folderFor();
  const file = join(folder, 'board.log');
  const log = await opened(file, 100);
  for (let i = 0; i < 9; i++) {
    log.heard('in', latin1(`line ${i} of a board\n`));
    // One after another: what comes at once is written at once.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await log.close();
  const [now, then] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.1`, 'utf8')]);
  expect(now).toContain('line 8');
  expect(then).not.toContain('line 8');
  for (const text of [now, then]) expect(text.length).toBeLessThanOrEqual(100);
});

test('a file that cannot be', async () => {
  const folder = await folderFor();
  await writeFile(join(folder, 'file'), '');
  await mkdir(join(folder, 'folder'));
  for (const file of [join(folder, 'file', 'log'), join(folder, 'folder')])
    expect(await openExchangeLog({ file, clock: steppedClock(0), hide: same })).toMatchObject({
      problem: { code: 'file-unwritable' },
    });
});

test.each([
  ['a\rb\n', ['a', 'b']],
  ['a\r\nb\n\rc', ['a', 'b', 'c']],
  ['\n\n', ['', '']],
  ['\r\n\r\n', ['', '']],
  ['', []],
])('%j is %j', (text, lines) => {
  expect(linesOf([latin1(text)])).toEqual(lines);
  expect(linesOf([...latin1(text)].map((byte) => Uint8Array.of(byte)))).toEqual(lines);
});

test('a line that never ends is cut and counted', () => {
  const lines = linesOf([latin1(`${'x'.repeat(mostLineBytes)}${'y'.repeat(1_000)}\nnext\n`)]);
  expect(lines).toEqual(['x'.repeat(mostLineBytes), '(1000 bytes more)', 'next']);
  expect(linesOf([latin1(`${'x'.repeat(mostLineBytes)}\nnext`)])).toEqual(['x'.repeat(mostLineBytes), 'next']);
});

test('what a dialect hides is hidden, and a short number is not', () => {
  const hide = (line: string): string => line.replace(/=.*/, '=[redacted]');
  expect(linesOf([latin1('AT+PIN=open sesame\r\n')], hide)).toEqual(['AT+PIN=[redacted]']);
  expect(linesOf([latin1('AT+DEVEUI=AC1F09FFFE000001\r\n')])).toEqual(['AT+DEVEUI=AC1F09FFFE000001']);
});

const byte = fc.nat(255).map((value) => value.toString(16).padStart(2, '0'));
const spelt = (key: readonly string[]): readonly string[] => [
  key.join(''),
  key.join('').toUpperCase(),
  ...[' ', ':', '-', ', ', ',', '.', '\t', '\0'].map((sign) => key.join(sign)),
  key.map((pair) => `0x${pair}`).join(', '),
  key.map((pair) => `"${pair}"`).join(','),
  key.map((pair) => `\\x${pair}`).join(''),
  // Typed with a slip that is taken back.
  `${key[0]}f\b${key.slice(1).join('')}`,
];
const around = fc.constantFrom(
  '',
  'AT+APPKEY=',
  'AppKey: ',
  '"',
  '+KEY: NWKSKEY, ',
  '\x80\xff',
  '\0\0',
  'abc',
  '{',
  '\x1b[0m',
);

test('a key is in no line: any spelling, any pieces, a half line, or one that is too long', () => {
  fc.assert(
    fc.property(
      fc.array(byte, { minLength: 16, maxLength: 16 }),
      fc.record({ before: around, after: around, end: fc.constantFrom('', '\n', '\r', '\r\n'), fill: fc.nat(70) }),
      fc.array(fc.nat(5_000), { maxLength: 8 }),
      fc.boolean(),
      (key, { before, after, end, fill }, cuts, isLong) => {
        for (const written of spelt(key)) {
          // A long line is cut somewhere in the key.
          const filler = isLong ? 'z '.repeat((mostLineBytes - before.length - fill) / 2) : '';
          const bytes = latin1(`${filler}${before}${written}${after}${end}no\n`);
          const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
          const text = linesOf(places.slice(1).map((to, i) => bytes.subarray(places[i], to)))
            .filter((line) => !line.endsWith(' bytes more)'))
            .join('\n')
            .replaceAll('[redacted]', '')
            .toLowerCase();
          // No four bytes of it stand together.
          for (let i = 0; i + 4 <= key.length; i++) {
            const four = key.slice(i, i + 4);
            // Zeros are there without it, in escapes.
            if (new Set(four).size > 1) expect(text.replace(/[^0-9a-f]/g, '')).not.toContain(four.join(''));
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('and not in the file', async () => {
  const file = join(await folderFor(), 'board.log');
  const key = '2b7e151628aed2a6abf7158809cf4f3c';
  const log = await opened(file);
  for (const dir of ['in', 'out'] as const) {
    for (const char of `AT+APPKEY=${key}\r\n`) log.heard(dir, latin1(char));
    log.heard(dir, latin1(`AT+APPKEY=${key.slice(0, 30)}`));
  }
  await log.close();
  const text = await readFile(file, 'utf8');
  expect(text).toContain('AT+APPKEY=[redacted]');
  expect(text).not.toContain(key.slice(0, 8));
});
