import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verbs } from '../../src/commands/verbs.js';
import { havePeer } from '../peers/peer.js';
import { jsonOf, stellwerk } from './stellwerk.js';

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

test.each([['--help'], ['-h'], ['help']])('%s lists every verb on stdout', async (word) => {
  const ran = await stellwerk([word]);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  for (const { name, summary } of verbs) expect(ran.stdout).toMatch(new RegExp(`^ +${name} +${summary}$`, 'm'));
});

test('without a verb the help is shown, and it is wrong usage', async () => {
  const ran = await stellwerk([]);
  expect(ran.code).toBe(2);
  expect(ran.stdout).toContain('stellwerk <verb>');
});

test('--version says that of package.json', async () =>
  expect(await stellwerk(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' }));

test.each(verbs.map(({ name }) => [name]))('%s --help shows options and examples', async (name) => {
  const ran = await stellwerk([name, '--help']);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain('--json');
  expect(ran.stdout).toContain('Examples:');
});

test('a misspelt verb offers the nearest, on stderr, and is wrong usage', async () => {
  const ran = await stellwerk(['decod', '01']);
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toBe('stellwerk: stellwerk knows no verb decod\n  Nearest: decode. stellwerk --help lists all.\n');
});

test.each([
  [['decode', '--modle', 'x'], 'Unknown argument: modle'],
  [['decode'], 'give either a frame or --hex'],
  [['decode', '00', '--hex', '00'], 'give either a frame or --hex'],
  [['decode', '--hex', '00'], 'a payload needs --model'],
  [['decode', '--model', 'bosch-tps110', '--fport', '256', '--hex', '00'], '--fport 256'],
  [['decode', '-', '--keys-file', '-'], 'standard input is asked for both'],
  [['ls', 'modles'], '"models"'],
  [['ls'], 'something is missing, expected is stellwerk ls <what> [id]'],
  [['status', '--control'], '--control needs a value'],
  [['status', '--control', ''], '--control needs a path'],
  [['downlink', 'og-01', '--fport', '3', '--hex'], '--hex needs a value'],
  [['encode'], 'Missing required argument: model'],
  [['config', 'chekc'], '"check"'],
])('%j is wrong usage', async (args, why) => {
  const ran = await stellwerk(args);
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toContain(why);
});

test('with --json an error is one object on stdout, and nothing else is said', async () => {
  const ran = await stellwerk(['ls', 'modles', '--json']);
  expect(ran).toMatchObject({ code: 2, stderr: '' });
  expect(jsonOf(ran)).toMatchObject({
    error: { code: 'wrong-usage', hint: 'stellwerk ls --help shows what is possible.' },
  });
});

const key = '2b7e151628aed2a6abf7158809cf4f3c';
test.each([
  ['--app-key', key],
  ['--appSKey', key],
  [`--nwk_s_key=${key}`, 'x'],
  ['--key', key],
])('a key on the command line is refused and not repeated: %s', async (...words) => {
  const ran = await stellwerk(['decode', '00', ...words]);
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toContain('shell history');
  expect(ran.stderr).not.toContain(key);
});

test('into a pipe there are no colours, with and without NO_COLOR', async () => {
  for (const env of [{}, { NO_COLOR: '1' }, { TERM: 'xterm-256color' }] as Record<string, string>[])
    expect((await stellwerk(['ls', 'models'], { env })).stdout).not.toContain('\u001b');
});

test('a reader that goes away is no error', async () => {
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      '{ "$0" "$1" encode --model bosch-tps110; echo "code $?" >&2; } | true',
      process.execPath,
      'dist/src/cli.js',
    ],
    { cwd: new URL('../..', import.meta.url), timeout: 25_000 },
  );
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  expect(stderr).toBe('code 0\n');
});

describe.runIf(havePeer('script'))('on a terminal', () => {
  // util-linux `script` gives the command a pseudo-terminal.
  const onTerminal = (env: Readonly<Record<string, string>>, words: string): string =>
    spawnSync('script', ['-qec', `"${process.execPath}" dist/src/cli.js ${words}`, '/dev/null'], {
      ...{
        cwd: new URL('../..', import.meta.url),
        encoding: 'utf8',
        timeout: 25_000,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
      env: { PATH: process.env['PATH'], TERM: 'xterm', ...env },
    }).stdout;

  test('there are colours', () => expect(onTerminal({}, 'ls sources')).toContain('\u001b[1m'));
  test.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('%s=%s turns them off', (name, value) =>
    expect(onTerminal({ [name]: value }, 'ls sources')).not.toContain('\u001b'),
  );
  test('--json turns them off', () => expect(onTerminal({}, 'ls sources --json')).not.toContain('\u001b'));
});
