import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { jsonOf, stellwerk } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-lists-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([['models'], ['boards'], ['bridges'], ['scenarios'], ['sources'], ['sinks'], ['backends']])(
  'ls %s is a table for people and a list for programs',
  async (what) => {
    const table = await stellwerk(['ls', what]);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    const list = jsonOf(await stellwerk(['ls', what, '--json'])) as readonly { id: string }[];
    expect(list.length).toBeGreaterThan(0);
    const [head, ...rows] = table.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^id /);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(list.map(({ id }) => id));
  },
);

test('every model lists a message of each type, and encode makes what decode reads', async () => {
  const models = jsonOf(await stellwerk(['ls', 'models', '--json'])) as readonly {
    readonly id: string;
    readonly messages: Readonly<Record<string, unknown>>;
  }[];
  for (const { id, messages } of models) {
    const [message] = Object.values(messages);
    const encoded = await stellwerk(['encode', '--model', id, '--message', JSON.stringify(message), '--json']);
    const { fPort, hex } = jsonOf(encoded) as { fPort: number; hex: string };
    const args = ['decode', '--model', id, '--fport', String(fPort), '--hex', hex, '--json'];
    expect(jsonOf(await stellwerk(args))).toMatchObject({ model: id, fPort, message });
  }
});

test('encode takes a message as text, from a file and from a pipe', async () => {
  const message = '{"type":"status","occupied":true}';
  writeFileSync(join(folder, 'message.json'), message);
  for (const given of [message, `@${join(folder, 'message.json')}`, '-']) {
    const args = ['encode', '--model', 'bosch-tps110', '--message', given, '--json'];
    expect(jsonOf(await stellwerk(args, { input: message }))).toEqual({ fPort: 1, hex: '01' });
  }
});

test('encode without a message shows one of every type', async () => {
  const ran = await stellwerk(['encode', '--model', 'bosch-tps110', '--command']);
  expect(ran.code).toBe(0);
  for (const line of ran.stdout.trimEnd().split('\n'))
    expect(await stellwerk(['encode', '--model', 'bosch-tps110', '--command', '--message', line])).toMatchObject({
      code: 0,
    });
});

test('a model without commands says so', async () => {
  const none = await stellwerk(['encode', '--model', 'macnman-parkomate', '--command', '--json']);
  expect(none).toMatchObject({ code: 0, stdout: '[]\n', stderr: 'no commands to a macnman-parkomate are known\n' });
  const read = await stellwerk(['decode', '--model', 'macnman-parkomate', '--command', '--hex', '01']);
  expect(read).toMatchObject({ code: 1, stderr: expect.stringContaining('takes no commands on port') });
});

test.each([
  ['{"type":"status"', 1, 'is not JSON'],
  ['{"type":"statsu"}', 1, 'has no message type statsu'],
  ['{"type":"status","occupied":7}', 1, 'occupied'],
  ['@/nowhere/at-all.json', 1, 'cannot be read'],
  ['[]', 2, 'a message is a JSON object'],
])('encode says what is wrong with %s', async (message, code, why) => {
  const ran = await stellwerk(['encode', '--model', 'bosch-tps110', '--message', message]);
  expect(ran).toMatchObject({ code, stdout: '' });
  expect(ran.stderr).toContain(why);
});

test('ls names a wrong file of the user, shows the others and fails', async () => {
  writeFileSync(join(folder, 'acme-eye.js'), 'export default {};');
  const ran = await stellwerk(['ls', 'models', '--catalogue', folder]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain('bosch-tps110');
  expect(ran.stderr).toContain('acme-eye.js');
  const told = jsonOf(await stellwerk(['ls', 'models', '--catalogue', folder, '--json']));
  expect(told).toMatchObject({ error: { code: 'catalogue-has-bad-files' } });
  expect((told as { models: readonly { id: string }[] }).models.map(({ id }) => id)).toContain('bosch-tps110');
});

test('config check says file, line and column; a right one passes', async () => {
  const bad = join(folder, 'bad.yaml');
  writeFileSync(bad, 'name: x\nsimulatoin: true\n');
  const ran = await stellwerk(['config', 'check', bad]);
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toContain(`${bad}:2:1`);
});

test('config schema is a JSON Schema, config docs are tables', async () => {
  const schema = jsonOf(await stellwerk(['config', 'schema'])) as Readonly<Record<string, unknown>>;
  expect(schema).toHaveProperty('properties.sources');
  expect((await stellwerk(['config', 'docs'])).stdout).toContain('| option |');
});
