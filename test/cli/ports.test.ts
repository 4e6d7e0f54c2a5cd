import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { interrupted, jsonOf, stellwerk } from './stellwerk.js';

// These run on machines with and without serial ports: what holds on both is asked for.

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-ports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('ports tells what is there, or where to look and what to do', async () => {
  const ran = await stellwerk(['ports']);
  expect(ran.code).toBe(0);
  expect(`${ran.stdout}${ran.stderr}`).toMatch(/^port |no serial port is there[\s\S]*stellwerk doctor/);
});

test('ports --json is one object in each line', async () => {
  const { code, stdout } = await stellwerk(['ports', '--json', '--all']);
  expect(code).toBe(0);
  for (const line of stdout.split('\n').filter((one) => one !== ''))
    expect(JSON.parse(line)).toHaveProperty('guess.because');
});

test('ports --watch ends at Ctrl-C', async () => {
  const { code, said } = await interrupted(['ports', '--watch'], 'SIGINT', /watching/);
  expect([code, said]).toEqual([0, expect.stringContaining('Ctrl-C')]);
});

test('doctor finds a port that is none, says what it is and ends with 1', async () => {
  const file = join(folder, 'notes.txt');
  writeFileSync(file, 'no port');
  const ran = await stellwerk(['doctor', file]);
  expect(ran.code).toBe(1);
  expect(ran.stdout.replace(/\s+/g, ' ')).toContain('notes.txt is a file and no serial port');
  expect(ran.stderr).toContain('problems that are left');
});

test('doctor --json carries every finding, problems or not', async () => {
  const ran = await stellwerk(['doctor', '/dev/no-such-port', '--json']);
  const told = jsonOf(ran) as { readonly findings: readonly { readonly check: string; readonly code: string }[] };
  expect([ran.code, told]).toEqual([1, expect.objectContaining({ error: expect.anything(), problems: 1 })]);
  expect(told.findings).toContainEqual(expect.objectContaining({ check: 'driver', code: 'doctor-driver-loads' }));
  expect(told.findings).toContainEqual(expect.objectContaining({ code: 'doctor-port-missing' }));
});

test('doctor refuses what is no address of a port', async () => {
  expect(await stellwerk(['doctor', 'http://example.org'])).toMatchObject({ code: 2, stdout: '' });
});

test.each([['ports'], ['doctor']])('%s --help shows examples', async (verb) => {
  expect((await stellwerk([verb, '--help'])).stdout).toContain(`stellwerk ${verb}`);
});
