import { expect, test } from 'vitest';
import { steppedClock } from '../../src/io/clock.js';
import { watchWall, type WallTime } from '../../src/io/wall.js';

const startUs = 1_780_293_600_000_000;

test('a wall clock that is set is told, both ways; one that is slewed only when it comes to half a second', () => {
  const clock = steppedClock(startUs);
  const told: [WallTime, number][] = [];
  let offMs = 0;
  let synced = false;
  const off = watchWall({
    clock,
    told: (wall, byUs) => void told.push([wall, byUs]),
    nowMs: () => clock.nowUs() / 1000 + offMs,
    synced: () => synced,
  });
  const tick = (): void => clock.advance(clock.nowUs() + 1_000_000);
  expect(told).toEqual([[{ offsetUs: 0, synced: false }, 0]]);
  tick();
  offMs = 300;
  tick();
  expect(told).toHaveLength(1);
  offMs = 600;
  synced = true;
  tick();
  expect(told[1]).toEqual([{ offsetUs: 600_000, synced: true }, 600_000]);
  offMs = -86_400_000;
  tick();
  expect(told[2]).toEqual([{ offsetUs: -86_400_000_000, synced: true }, -86_400_600_000]);
  off();
  offMs = 0;
  tick();
  expect(told).toHaveLength(3);
});
