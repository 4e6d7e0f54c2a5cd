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
