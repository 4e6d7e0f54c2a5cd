import { describe, expect, test } from 'vitest';
import { detect } from '../../src/console/detect.js';
import type { Dialect } from '../../src/console/dialect.js';
import type { VirtualConsole } from '../../src/sim/twin.js';
import cubecell from '../../devices/consoles/heltec-cubecell/index.js';
import esp32 from '../../devices/consoles/heltec-esp32/index.js';
import st from '../../devices/consoles/st-at-slave.js';
import virtualCubecell from '../../simulators/consoles/heltec-cubecell/index.js';
import virtualEsp32 from '../../simulators/consoles/heltec-esp32/index.js';
import virtualSt from '../../simulators/consoles/st-at-slave.js';
import { bench } from './bench.js';
import { scriptedModem } from './scripted-modem.js';

const dialects: readonly Dialect[] = [st, esp32, cubecell];

describe('who is there', () => {
  const found = (twin: VirtualConsole, afterMs: number, likely: readonly string[] = []): unknown => {
    const b = bench({ twin, modem: scriptedModem() });
    b.wire.advance(afterMs * 1000);
    const from = b.wire.nowUs;
    const result = b.run(detect({ dialects, likely, ...(twin === virtualSt && { baud: 9_600 }) }));
    expect(b.wire.nowUs - from).toBeLessThan(likely.length > 0 ? 6_000_000 : 15_000_000);
    return result?.ok ? [result.value.dialect.id, result.value.state, result.value.baud] : result;
  };

  test('a CubeCell, asleep', () => {
    expect(found(virtualCubecell, 3_000)).toEqual(['heltec-cubecell', 'talks', 115_200]);
    expect(found(virtualCubecell, 3_000, ['heltec-cubecell'])).toEqual(['heltec-cubecell', 'talks', 115_200]);
  });

  test('an ESP32 without a licence, whenever one looks', () => {
    for (const afterMs of [0, 700, 1_500, 2_900, 3_400])
      expect(found(virtualEsp32, afterMs), `after ${afterMs} ms`).toEqual(['heltec-esp32', 'talks', 115_200]);
  });

  test('neither takes another board for its own', () => {
    expect(found(virtualSt, 0)).toEqual(['st-at-slave', 'talks', 9_600]);
  });
});
