import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { eventFromJson } from '../../src/dialects/city/stellwerk-json.js';
import { openStandardOutput } from '../../src/io/standard-output.js';
import stdout, { eventLine } from '../../src/sinks/stdout.js';
import { eventOf } from './served.js';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

test('a line for people says what is so, and gives no orders to a terminal', () => {
  expect(eventLine(eventOf(2))).toBe('00:00:02 graben bay-2 occupied');
  expect(eventLine(eventOf(3, { kind: 'confirmed', quality: ['battery-low', 'late'], simulated: true }))).toBe(
    '00:00:03 graben bay-3 confirmed, free, battery low, late, simulated',
  );
  expect(eventLine(eventOf(4, { kind: 'notice', occupied: undefined, fault: 'wet\n\u001b[2Jand cold' }))).toBe(
    '00:00:04 graben bay-4 notice, unknown, fault: wet [2Jand cold',
  );
});

test('the format is one of two', () => {
  expect(stdout.config.safeParse({ type: 'stdout', format: 'csv' }).success).toBe(false);
  expect(stdout.config.parse({ type: 'stdout' })).toEqual({ type: 'stdout', format: 'json' });
});

/** A process whose standard output is a sink; it says on standard error what became of each delivery. */
const sinkProcess = (script: string): { readonly child: ChildProcess; said(): string[] } => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-stdout-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'sink.mjs');
  const built = new URL('../../dist/src/sinks/stdout.js', import.meta.url).href;
  writeFileSync(
    file,
    `import kind from ${JSON.stringify(built)};
     const event = ${JSON.stringify(eventOf(1))};
     const say = (...words) => process.stderr.write(words.join(' ') + '\\n');
     // Whoever hears of the end of standard output ends, as our command line does.
     process.stdout.on('error', () => process.exit(3));
     const at = (us, then) => { const timer = setTimeout(then, 1); return () => clearTimeout(timer); };
     const sink = await kind.open(kind.config.parse({ type: 'stdout' }), {
       clock: { nowUs: () => 0, at }, log: (event) => say('log', event), changed() {}, renew() {},
     });
     const command = (then) => process.stdin.once('data', then);
     ${script}`,
  );
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'pipe'] });
  closers.push(() => child.kill('SIGKILL'));
  let text = '';
  child.stderr!.on('data', (piece: Buffer) => (text += piece.toString()));
  return { child, said: () => text.split('\n').slice(0, -1) };
};
const heard = (what: () => unknown, expected: unknown): Promise<void> =>
  expect.poll(what, { timeout: 10_000 }).toEqual(expected);

test('events are lines of JSON, delivered when the reader has them', async () => {
  const { child, said } = sinkProcess(
    `say(await sink.stream.deliver([event, { ...event, id: 'e2' }])); process.stdin.resume();`,
  );
  let text = '';
  child.stdout!.on('data', (piece: Buffer) => (text += piece.toString()));
  await heard(said, ['delivered']);
  await heard(() => text.split('\n').length, 3);
  const [first] = text.split('\n');
  expect(eventFromJson(JSON.parse(first!))).toEqual({ ok: true, value: eventOf(1) });
});

test('a slow reader is waited for, and everything else goes on', async () => {
  const { child, said } = sinkProcess(`
    const many = Array.from({ length: 20000 }, () => event);
    sink.stream.deliver(many).then((how) => say(how));
    setTimeout(() => say('meanwhile'), 50);`);
  await heard(said, ['meanwhile']);
  child.stdout!.resume();
  await heard(said, ['meanwhile', 'delivered']);
});

test('a reader that has gone is said once, and ends nothing', async () => {
  const { child, said } = sinkProcess(`
    say(await sink.stream.deliver([event]));
    command(async () => {
      say(await sink.stream.deliver([event]), sink.ready, sink.link.why);
      process.stdout.write('a line of the log\\n');
      setTimeout(() => say('still here'), 20);
    });`);
  await heard(said, ['delivered']);
  child.stdout!.destroy();
  child.stdin!.write('\n');
  await heard(said, ['delivered', 'log sink_lost', 'again false nobody reads standard output any more', 'still here']);
  expect(child.exitCode).toBe(null);
});

test('a disk behind standard output that is full is waited for; when it is over the others hear of errors again', async () => {
  let full = true;
  let count = 0;
  const stream = new Writable({
    autoDestroy: false,
    write: (_piece, _encoding, done) => done(full ? Object.assign(new Error('full'), { code: 'ENOSPC' }) : null),
  });
  stream.on('error', () => count++);
  const output = openStandardOutput(stream as unknown as NodeJS.WriteStream);
  expect(await output.write('a')).toMatchObject({ ok: false, problem: { facts: { why: 'the disk is full' } } });
  expect(output.gone).toBe(false);
  full = false;
  expect(stream.listenerCount('error')).toBe(1);
  output.close();
  stream.emit('error', new Error('again'));
  expect(count).toBe(1);
});
