import { expect, test } from 'vitest';
import { detect } from '../../src/console/detect.js';
import type { Dialect } from '../../src/console/dialect.js';
import cubecell from '../../devices/consoles/heltec-cubecell/index.js';
import esp32 from '../../devices/consoles/heltec-esp32/index.js';
import twin from '../../simulators/consoles/heltec-esp32/index.js';
import { bench } from './bench.js';
import { scriptedModem } from './scripted-modem.js';

const dialects: readonly Dialect[] = [esp32, cubecell];

const found = (setup: { afterMs: number; likely?: readonly string[]; licensed?: boolean }): unknown => {
  const b = bench({ twin, modem: scriptedModem(), ...(setup.licensed && { flash: { licensed: true } }) });
  b.wire.advance(setup.afterMs * 1000);
  const from = b.wire.nowUs;
  const result = b.run(detect({ dialects, likely: setup.likely ?? [] }));
  // One turn of its three lines, and what stands before it.
  expect(b.wire.nowUs - from).toBeLessThan(setup.likely ? 3_300_000 : 6_000_000);
  return result?.ok ? { id: result.value.dialect.id, serial: result.value.identity.serial } : result;
};

test('a board without a licence is found whenever one looks, by what it says itself', () => {
  for (let afterMs = 0; afterMs < 6_500; afterMs += 150) {
    const who = { id: 'heltec-esp32', serial: '004e20900057' };
    expect(found({ afterMs }), `after ${afterMs} ms`).toEqual(who);
    expect(found({ afterMs, likely: ['heltec-esp32'] }), `after ${afterMs} ms, guessed`).toEqual(who);
  }
});

test('a board with one is found when its sketch says something', () => {
  expect(found({ afterMs: 0, licensed: true })).toMatchObject({ id: 'heltec-esp32' });
  expect(found({ afterMs: 2_000, licensed: true })).toMatchObject({ problem: { code: 'console-silent' } });
});
