import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCityState } from '../../src/city/state.js';
import type { FleetState } from '../../src/sim/fleet-state.js';

const fleet = (nonces: number, bays: number): FleetState =>
  Object.fromEntries(
    Array.from({ length: bays }, (_, i) => [
      `b-${i}`,
      { nonces, fCntUp: 0, fCntDown: 0, rx1DelayS: 1, rx1DrOffset: 0, rx2DataRate: 0, extraHz: [] },
    ]),
  );

test('the last save is the one that stays, however long an earlier one takes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-state-'));
  const run = { scenario: 's', seed: '1' };
  const state = must(await openCityState(folder, run, { fresh: false, network: true }));
  // A large old state first, then a small new one: side by side the small one would overtake it.
  const saves = [state.save(fleet(1, 20_000)), state.save(fleet(2, 1)), state.save(fleet(3, 1))];
  for (const save of await Promise.all(saves)) must(save);
  expect(JSON.parse(readFileSync(join(folder, 'fleet.json'), 'utf8'))).toMatchObject({
    devices: { 'b-0': { nonces: 3 } },
  });
  await state.store.close();
  const again = must(await openCityState(folder, run, { fresh: false, network: false }));
  expect(again.fleet).toEqual(fleet(3, 1));
  await again.store.close();
  rmSync(folder, { recursive: true, force: true });
});
