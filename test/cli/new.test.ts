import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { starterFiles } from '../../src/catalogue/starter.js';
import { sensorFaults } from '../../src/codec/laws.js';
import { jsonOf, stellwerk } from './stellwerk.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stellwerk-new-'));
const mine = join(folder, 'my-devices');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('stellwerk new sensor', () => {
  beforeAll(async () => {
    const written = jsonOf(await stellwerk(['new', 'sensor', 'acme-eye', '--into', mine, '--json']));
    expect(written).toMatchObject({ written: [expect.stringContaining('acme-eye'), expect.anything()] });
  });

  test('writes a sensor that keeps every law', async () => {
    const model = must(await openCatalogue({ folders: [mine] }).load('sensors', 'acme-eye'));
    expect(sensorFaults(model, 2_000)).toEqual([]);
    expect(model.examples.length).toBeGreaterThan(3);
  });

  test('the verbs know it with --catalogue, and say aloud that its code is trusted', async () => {
    const decoded = await stellwerk([
      'decode',
      '--model',
      'acme-eye',
      '--hex',
      '01b4ff',
      '--catalogue',
      mine,
      '--json',
    ]);
    expect(jsonOf(decoded)).toMatchObject({ reading: { occupied: true, batteryV: 3.6, temperatureC: -1 } });
    expect(decoded.stderr).toContain('with your rights');
    const shown = await stellwerk(['ls', 'models', 'acme-eye', '--catalogue', mine]);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/byte 1 +batteryV/) });
    const unknown = await stellwerk(['decode', '--model', 'acme-eye', '--hex', '01b4ff']);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no sensor model is called acme-eye') });
  });

  test('it lives in a simulated street, and the gateway understands every frame of it', async () => {
    const street = readFileSync(join(root, 'simulators/scenarios/herrenberg-graben.yaml'), 'utf8');
    const own = street.replace(/^sensors:[\s\S]*?(?=^\w)/m, 'sensors:\n  - { model: acme-eye, share: 1 }\n\n');
    writeFileSync(join(folder, 'street.yaml'), own);
    const args = ['simulate', join(folder, 'street.yaml'), '--for', '3h', '--catalogue', mine, '--json'];
    const end = jsonOf(await stellwerk(args)) as { events: number; refused?: Record<string, number> };
    expect(end.events).toBeGreaterThan(63);
    expect(JSON.stringify(end)).not.toMatch(/bad-payload|unknown-port/);
  });

  test('writes nothing over what is there', async () => {
    const again = await stellwerk(['new', 'sensor', 'acme-eye', '--into', mine]);
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is there already, and nothing was written'),
    });
  });

  test('a name that Stellwerk has already is not taken', async () => {
    const ran = await stellwerk(['new', 'sensor', 'bosch-tps110', '--into', mine]);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('is a model of Stellwerk already') });
  });

  test('a codec that can never run is refused before anything is written', async () => {
    const file = join(folder, 'module.js');
    writeFileSync(file, 'export function decodeUplink() { return { data: {} }; }');
    const ran = await stellwerk(['new', 'sensor', 'acme-module', '--codec', file, '--into', mine]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('module.js:1:') });
    expect(existsSync(join(mine, 'acme-module.map.yaml'))).toBe(false);
  });

  test.each(['Acme', 'acme', 'acme-', '../acme-eye', 'acme eye'])('"%s" is no id', async (id) => {
    const ran = await stellwerk(['new', 'sensor', id, '--into', mine]);
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('is no id') });
  });
});

test('the starter for the house itself keeps the laws, and the taste of its formatter', async () => {
  const bundles = join(folder, 'house');
  for (const { path, text } of starterFiles('acme-eye', 'house')) {
    const config = { ...(await resolveConfig(join(root, path))), parser: 'typescript' };
    expect(await format(text, config)).toBe(text);
    const outfile = join(bundles, path.replace(/ts$/, 'mjs'));
    mkdirSync(dirname(outfile), { recursive: true });
    if (path.startsWith('simulators')) continue;
    const stdin = { contents: text, loader: 'ts', resolveDir: dirname(join(root, path)) } as const;
    await build({ stdin, bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'silent' });
  }
  const model = must(await openCatalogue({ folders: [bundles] }).load('sensors', 'acme-eye'));
  expect(sensorFaults(model, 500)).toEqual([]);
  expect(existsSync(join(root, 'devices/sensors/acme-eye.ts'))).toBe(false);
});

describe("a vendor's codec", () => {
  const guard = join(root, 'test/codecs/bay-guard.js');
  const theirs = join(folder, 'theirs');
  const decode = (...args: string[]) => stellwerk(['decode', '--model', 'acme-guard', '--catalogue', theirs, ...args]);

  beforeAll(async () => {
    const ran = await stellwerk(['new', 'sensor', 'acme-guard', '--codec', guard, '--into', theirs]);
    expect(ran.code).toBe(0);
  });

  test('is copied unchanged, beside a map that loads as it is written', async () => {
    expect(readFileSync(join(theirs, 'acme-guard.codec.js'), 'utf8')).toBe(readFileSync(guard, 'utf8'));
    expect(must(await openCatalogue({ folders: [theirs] }).load('sensors', 'acme-guard'))).toMatchObject({
      vendor: 'Acme',
      model: 'Guard',
    });
  });

  test('runs in the sandbox once the map says what it means, and nobody has to trust it', async () => {
    const file = join(theirs, 'acme-guard.map.yaml');
    const map = readFileSync(file, 'utf8')
      .replace(/^ {2}occupied:.*$/m, '  occupied: { from: parking.status, is: occupied }')
      .replace(/^ {2}batteryV:.*$/m, '  batteryV: battery');
    writeFileSync(file, map);
    const ran = await decode('--fport', '2', '--hex', '010bb8f6', '--json');
    expect(jsonOf(ran)).toMatchObject({ reading: { occupied: true, batteryV: 3 } });
    expect(ran.stderr).toBe('');
  });

  test('its own words say why it refuses a payload', async () =>
    expect(await decode('--fport', '2', '--hex', '010b')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the codec refuses the payload: payload of 2 bytes, 4 are needed'),
    }));

  test('a slip in the map is said with file, line and column', async () => {
    const file = join(theirs, 'acme-guard.map.yaml');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('batteryV: battery', 'batteryV: { form: battery }'));
    const ran = await decode('--fport', '2', '--hex', '010bb8f6');
    writeFileSync(file, good);
    expect(ran.stderr).toMatch(/acme-guard\.map\.yaml:\d+:\d+: reading\.batteryV/);
  });

  test('without a map it is not loaded as if it were ours', async () => {
    writeFileSync(join(theirs, 'other-guard.js'), readFileSync(guard));
    const ran = await stellwerk(['decode', '--model', 'other-guard', '--hex', '00', '--catalogue', theirs]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('was not loaded') });
    expect(ran.stderr).not.toContain('with your rights');
    expect(ran.stderr).toContain('stellwerk new sensor other-guard --codec');
  });
});
