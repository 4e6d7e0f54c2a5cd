import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonOf, stellwerk } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-score-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const truth = join(folder, 'truth.jsonl');
const events = join(folder, 'events.jsonl');

beforeAll(async () => {
  const ran = await stellwerk(['simulate', 'herrenberg-graben', '--for', '6h', '--truth', truth, '--events', '--json']);
  expect(ran.code).toBe(0);
  writeFileSync(events, ran.stdout);
});

describe('stellwerk score', () => {
  test('our own events against the truth: nearly all of the time right, and what is missing has a cause', async () => {
    const ran = await stellwerk(['score', truth, events, '--json']);
    const score = jsonOf(ran) as {
      readonly bays: number;
      readonly time: { readonly right: number; readonly wrong: number };
      readonly changes: Readonly<Record<string, number>>;
      readonly latency: { readonly p50Ms: number; readonly p95Ms: number };
      readonly causes: Readonly<Record<string, number>>;
      readonly frames: { readonly sent: number };
    };
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(score.bays).toBe(63);
    // A bay whose car stays for hours is unknown until its sensor's first sign of life.
    expect(score.time.right).toBeGreaterThan(0.85);
    expect(score.time.wrong).toBeLessThan(0.01);
    expect(score.changes['total']).toBeGreaterThan(200);
    expect(score.changes['reported']! / score.changes['total']!).toBeGreaterThan(0.95);
    // Detection takes 2 to 30 s, the network a fifth of a second.
    expect(score.latency.p50Ms).toBeGreaterThan(3_000);
    expect(score.latency.p95Ms).toBeLessThan(35_000);
    expect(Object.values(score.causes).reduce((a, b) => a + b, 0)).toBe(score.changes['missed']);
  });

  test('a consumer that never hears of departures is found out', async () => {
    const deaf = join(folder, 'deaf.jsonl');
    const lines = readFileSync(events, 'utf8').split('\n');
    writeFileSync(deaf, lines.filter((line) => !line.includes('"kind":"freed"')).join('\n'));
    const ran = await stellwerk(['score', truth, deaf, '--json', '--at-least', 'right=0.9']);
    expect(ran.code).toBe(1);
    const score = jsonOf(ran) as {
      readonly error: { readonly code: string };
      readonly time: { readonly falseOccupied: number };
      readonly causes: Readonly<Record<string, number>>;
    };
    expect(score.error.code).toBe('score-beyond');
    expect(score.time.falseOccupied).toBeGreaterThan(0.1);
    expect(score.causes['not-reported']).toBeGreaterThan(10);
  });

  test('a report that stands on its own', async () => {
    const html = join(folder, 'report.html');
    const ran = await stellwerk(['score', truth, events, '--html', html]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('latency p95');
    const page = readFileSync(html, 'utf8');
    expect(page.match(/<svg /g)).toHaveLength(4);
    expect(page).not.toMatch(/<script|https?:\/\/|NaN|undefined|Infinity/);
  });

  test('what is wrong is said with file and line', async () => {
    const csv = join(folder, 'app.csv');
    writeFileSync(csv, 'time,bay,state\n2026-06-01T08:00:01Z,og-01,full\n');
    const bad = await stellwerk(['score', truth, csv]);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('app.csv:2');
    expect((await stellwerk(['score', events, csv])).stderr).toContain('app.csv:2');
    writeFileSync(csv, 'time,bay,state\n');
    expect((await stellwerk(['score', csv, csv])).code).toBe(1);
    const usage = await stellwerk(['score', truth, csv, '--at-most', 'speed=3']);
    expect(usage.code).toBe(2);
    expect(usage.stderr).toContain('latency.p95');
  });
});
