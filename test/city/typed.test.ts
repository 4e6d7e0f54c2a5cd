import { describe, expect, test } from 'vitest';
import { city } from '../../src/testing.js';

describe('a city in a test', () => {
  test('plays a scenario by its name: cars, frames and events that belong together', async () => {
    const { parkingEvents, frames, truth, digest, ledger, bays } = await city('herrenberg-graben').run({
      until: 'PT2H',
    });
    expect(bays).toBe(63);
    expect(truth.length).toBeGreaterThan(50);
    expect(frames.length).toBe(ledger.sent);
    const told = parkingEvents.filter(({ kind }) => kind === 'occupied' || kind === 'freed');
    expect(told.length).toBeGreaterThan(0.8 * truth.length);
    const bay = truth[0]!.bay;
    expect(frames.some((frame) => frame.bay === bay)).toBe(true);
    const again = await city('herrenberg-graben').run({ until: '2h' });
    expect(again.digest).toBe(digest);
    expect(again.parkingEvents).toEqual(parkingEvents);
    expect((await city('herrenberg-graben', { seed: 'other' }).run({ until: '2h' })).digest).not.toBe(digest);
  });

  test('who listens gets everything at once, and nothing is collected', async () => {
    const heard = { events: 0, frames: 0, cars: 0 };
    const end = await city('herrenberg-graben').run({
      until: '1h',
      onEvent: () => void heard.events++,
      onFrame: () => void heard.frames++,
      onCar: () => void heard.cars++,
    });
    expect(heard).toMatchObject({ events: end.events, frames: end.ledger.sent });
    expect(heard.cars).toBeGreaterThan(10);
    expect([end.parkingEvents, end.frames, end.truth]).toEqual([[], [], []]);
  });

  test('what cannot be is said', async () => {
    await expect(city('herrenberg-graben').run({ until: 'tomorrow' })).rejects.toThrow('tomorrow');
    await expect(city('herrenberg-graben').run({ until: 'P' })).rejects.toThrow('PT24H');
    await expect(city('atlantis').run({ until: '1h' })).rejects.toThrow('atlantis');
  });
});
