import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { interrupted, jsonOf, stellwerk } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-bulk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const play = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  const ran = await stellwerk(['simulate', ...args, '--uplink-only', '--json']);
  return { code: ran.code, ...(jsonOf(ran) as Readonly<Record<string, unknown>>) };
};

describe('a city that nobody answers', () => {
  test('the number of threads changes nothing', async () => {
    const one = await play('one-cell', '--for', '20m', '--threads', '1');
    expect(one).toMatchObject({ code: 0, bays: 2_000, threads: 1 });
    expect(one['sent']).toBeGreaterThan(2_000);
    const { threads, ...three } = await play('one-cell', '--for', '20m', '--threads', '3');
    expect(threads).toBe(3);
    expect({ ...three, threads: 1 }).toEqual(one);
    // One gateway that hears all of them: what is lost is lost to others.
    const lost = one['lost'] as Readonly<Record<string, number>>;
    expect(lost['collision']).toBeGreaterThan(100);
    expect(lost['too-weak'] ?? 0).toBeLessThan(lost['collision']!);
    expect(Object.values(lost).reduce((a, b) => a + b, 0)).toBe((one['sent'] as number) - (one['heard'] as number));
  });

  test('and neither does a trace, which is written by one thread', async () => {
    const fast = await play('herrenberg-graben', '--for', '3h');
    const traced = await play('herrenberg-graben', '--for', '3h', '--trace', join(folder, 'trace.jsonl'));
    expect(traced['digest']).toBe(fast['digest']);
    expect(traced['sent']).toBe(fast['sent']);
  });

  test('it ends at an instant, or after so many uplinks', async () => {
    const until = await play('herrenberg-graben', '--until', '2026-06-01T11:00:00+02:00');
    expect(until).toMatchObject({ code: 0, to: '2026-06-01T09:00:00.000Z' });
    const some = await play('boeblingen', '--for', '24h', '--uplinks', '500');
    expect(some['sent']).toBeGreaterThanOrEqual(500);
    expect((some['to'] as string) < '2026-06-03T20').toBe(true);
    expect(await play('herrenberg-graben', '--until', 'dawn')).toMatchObject({ code: 2 });
    expect(await play('herrenberg-graben', '--until', '2020-01-01T00:00:00Z')).toMatchObject({ code: 2 });
    expect(await play('herrenberg-graben', '--uplinks', '0')).toMatchObject({ code: 2 });
    expect(await play('herrenberg-graben', '--threads', '1.5')).toMatchObject({ code: 2 });
  });

  test('what a thread cannot play is said as if there were none', async () => {
    const file = join(folder, 'unknown.yaml');
    writeFileSync(
      file,
      `name: x\nstart: 2026-06-01T10:00:00+02:00\ngrids: [{ id: g, at: [48, 9], bays: 10, baysPerLot: 5 }]
sensors: [{ model: nobody-knows, share: 1 }]\ngatewayGrid: { everyM: 500 }
demand: { weekday: &h [${new Array(24).fill(0.5).join(', ')}], saturday: *h, sunday: *h, dwell: [{ share: 1, median: 5m, sigma: 1 }] }\n`,
    );
    const ran = await play(file);
    expect(ran).toMatchObject({ code: 1 });
    expect(JSON.stringify(ran['error'])).toContain('nobody-knows');
  });

  test('Ctrl-C ends it with its sums', async () => {
    const args = ['simulate', 'boeblingen', '--uplink-only', '--for', '900d', '--verbose'];
    const { code, said } = await interrupted([...args, '--threads', '2'], 'SIGINT', /bays on 2 threads/);
    expect(code).toBe(0);
    expect(said).toContain('digest');
  });
});
