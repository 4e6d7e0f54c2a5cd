import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonOf, stellwerk, type Ran } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-foreign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const codec = `function decodeUplink(input) {
  if (input.bytes.length === 0) return { errors: ['no bytes'] };
  return { data: { occupied: input.bytes[0] === 1, battery_mv: input.bytes[1] * 20, temperature: 'warm'.slice(input.fPort) } };
}
`;
const mine = join(folder, 'mine');
const map = join(mine, 'acme-eye.map.yaml');
const decode = (...more: readonly string[]): Promise<Ran> =>
  stellwerk(['decode', '--model', 'acme-eye', '--catalogue', mine, ...more]);

beforeAll(async () => {
  writeFileSync(join(folder, 'AcmeEye.js'), codec);
  const made = await stellwerk(['new', 'sensor', 'acme-eye', '--codec', join(folder, 'AcmeEye.js'), '--into', mine]);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(map) });
  writeFileSync(map, readFileSync(map, 'utf8').replace('temperatureC: temperature', 'firmware: temperature'));
});

test("a vendor's codec is a model for the verbs, and not code that is trusted", async () => {
  const read = await decode('--hex', '01b4', '--json');
  expect(read).toMatchObject({ code: 0, stderr: '' });
  expect(jsonOf(read)).toMatchObject({ reading: { occupied: true, batteryV: 3.6, firmware: 'arm' } });
});

test('without examples nothing is claimed to hold', async () => {
  const shown = await stellwerk(['ls', 'models', 'acme-eye', '--catalogue', mine]);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('no examples: nothing shows') });
});

test('what the codec lacks is null, and what is null says nothing', async () => {
  expect(jsonOf(await decode('--hex', '01', '--json'))).toMatchObject({
    message: { data: { battery_mv: null } },
    reading: { occupied: true },
  });
});

test('a refusal names the file and the line of the function', async () => {
  const refused = await decode('--hex', '');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`${join(mine, 'acme-eye.codec.js')}:1:1: the codec refuses the payload: no bytes`);
});

test('a value that does not fit the map names the rule and its place in the map', async () => {
  const text = readFileSync(map, 'utf8');
  const line = text.split('\n').findIndex((one) => /^ {2}occupied:/.test(one)) + 1;
  writeFileSync(map, text.replace('occupied: occupied', 'occupied: battery_mv'));
  const refused = await decode('--hex', '01b4');
  writeFileSync(map, text);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`${map}:${line}:13: reading.occupied: `);
  expect(refused.stderr).toContain('data.battery_mv: it is 3600, occupied needs true or false');
  expect(refused.stderr).toContain('from with is');
});
