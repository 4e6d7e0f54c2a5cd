import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { jsonOf, stellwerk } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-scenario-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'town.yaml');
const scenario = (...args: readonly string[]) => stellwerk(['scenario', ...args]);

describe('stellwerk scenario', () => {
  test('what new writes is right, can be looked at, drawn and played', async () => {
    expect(await scenario('new', file, '--bays', '120', '--at', '48.7,9.1')).toMatchObject({ code: 0 });
    expect(jsonOf(await scenario('check', file, '--json'))).toEqual({ ok: true, bays: 120, gateways: 1, doubts: [] });
    const info = jsonOf(await scenario('info', file, '--json')) as Readonly<Record<string, number>>;
    expect(info).toMatchObject({ bays: 120, lots: 6, gateways: 1, deaf: 0, lookedAt: 120 });
    expect(info['perKm2']! / 1_500).toBeGreaterThan(0.7);
    const geo = join(folder, 'town.geojson');
    expect((await scenario('draw', file, '--out', geo)).code).toBe(0);
    const { features } = JSON.parse(readFileSync(geo, 'utf8')) as {
      readonly features: readonly { readonly geometry: { readonly coordinates: readonly number[] } }[];
    };
    expect(features).toHaveLength(121);
    for (const { geometry } of features) {
      expect(geometry.coordinates[0]).toBeCloseTo(9.1, 1);
      expect(geometry.coordinates[1]).toBeCloseTo(48.7, 1);
    }
    const svg = join(folder, 'town.svg');
    expect((await scenario('draw', file, '--out', svg)).code).toBe(0);
    expect(readFileSync(svg, 'utf8')).not.toMatch(/NaN|undefined|var\(/);
    const played = await stellwerk(['simulate', file, '--for', '2h', '--json']);
    expect(jsonOf(played)).toMatchObject({ bays: 120, balanced: true });
  });

  test('the shipped ones are right', async () => {
    for (const name of ['herrenberg-graben', 'boeblingen', 'county', 'one-cell'])
      expect(jsonOf(await scenario('check', name, '--json'))).toMatchObject({ ok: true });
  });

  test('the schema is that of the files', async () => {
    const schema = jsonOf(await scenario('schema')) as { readonly properties: Readonly<Record<string, unknown>> };
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['grids', 'gatewayGrid', 'demand', 'air']));
  });

  test('nothing is written over, and what is wrong is said with its place', async () => {
    const taken = join(folder, 'taken.yaml');
    writeFileSync(taken, 'mine');
    expect(await scenario('new', taken)).toMatchObject({ code: 1 });
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    expect((await scenario('new', join(folder, 'x.txt'))).code).toBe(2);
    expect((await scenario('new', join(folder, 'x.yaml'), '--at', 'here')).code).toBe(2);
    expect((await scenario('draw', file, '--out', 'x.png')).code).toBe(2);
    const text = readFileSync(file, 'utf8');
    writeFileSync(taken, text.replace('perKm2: 1500', 'perKm2: -1').replace('everyM: 500', 'everyM: far'));
    const wrong = await scenario('check', taken);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/taken\.yaml:\d+:\d+: grids\.0\.perKm2/);
    expect(wrong.stderr).toMatch(/taken\.yaml:\d+:\d+: gatewayGrid\.everyM/);
    writeFileSync(taken, text.replace('pni-placepod', 'pni-plasepod'));
    expect((await scenario('check', taken)).stderr).toContain('pni-plasepod');
    writeFileSync(taken, text.replace(/grids:\n.*\n/, '').replace(/gatewayGrid.*\n/, ''));
    const empty = await scenario('check', taken);
    expect(empty.stderr).toContain('no bays');
    expect(empty.stderr).toContain('no gateways');
    writeFileSync(
      taken,
      text
        .replace('bays: 120', 'bays: 120')
        .replace('heightM: 20', 'heightM: 0')
        .replace('everyM: 500', 'everyM: 9000')
        .replace('perKm2: 1500', 'perKm2: 2'),
    );
    expect((await scenario('check', taken)).stderr).toContain('heard by no gateway');
  });
});
