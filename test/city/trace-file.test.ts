import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silent } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { simulate } from '../../src/city/simulate.js';
import { traceEars } from '../../src/city/trace-file.js';
import { loadScenario } from '../../src/config/scenario.js';
import { identity } from '../../src/sim/identity.js';
import { readRecord, writeRecord } from '../../src/trace/json-lines.js';
import { livesOf } from '../../src/trace/life.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a street in honest air: every frame and every answer is explained, and the sums are those of the ledger', async () => {
  const catalogue = openCatalogue({});
  const scenario = await loadScenario(
    'herrenberg-graben',
    must(await catalogue.load('scenarios', 'herrenberg-graben')),
  );
  const lines: string[] = [];
  const ears = traceEars(
    (record) => lines.push(writeRecord(record)),
    (bay) => identity('1', bay).devEui,
  );
  const end = await simulate({
    scenario,
    seed: '1',
    to: 'loopback',
    forMs: 3_600_000,
    uplinkOnly: false,
    catalogue,
    fresh: false,
    log: silent,
    stop: new AbortController().signal,
    truths: [ears],
    outcome: ears.outcome,
    descent: ears.descent,
  });
  const { lives, unread } = livesOf(lines.map((line) => must(readRecord(line))));
  expect(unread).toBe(0);
  const uplinks = lives.filter(({ kind }) => kind === 'uplink');
  const sent = uplinks.flatMap(({ facts }) => facts.filter(({ kind }) => kind === 'sent'));
  expect(sent).toHaveLength(end.ledger.sent);
  // Whose simulated devices are all known by name, on both sides of the air.
  expect(lives.filter(({ devEui, kind }) => devEui === undefined && kind !== 'downlink')).toEqual([]);
  const whys = (stage: string): number =>
    uplinks.filter(({ verdict, frames }) => verdict.stage === stage && verdict.result === 'lost' && frames.length === 0)
      .length;
  const lost = Object.values(end.ledger.lost).reduce((a, b) => a + b, 0);
  // A frame that was lost and came again counts once.
  expect(whys('air')).toBeGreaterThan(0);
  expect(whys('air')).toBeLessThanOrEqual(lost);
  for (const { verdict } of lives)
    if (verdict.result === 'lost') expect(verdict).toMatchObject({ why: expect.any(String), next: expect.any(String) });
  const open = uplinks.filter(({ verdict }) => verdict.result === 'open');
  // Only what the end of the run cut off, or an accept that was never used.
  for (const { verdict } of open) expect(['downlink', 'gateway', 'air']).toContain(verdict.stage);
});
