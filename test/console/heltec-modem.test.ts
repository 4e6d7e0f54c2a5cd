import { expect, test } from 'vitest';
import type { Result } from '../../src/base/result.js';
import type { Script } from '../../src/console/script.js';
import { startModem } from '../../src/sim/modem.js';
import type { Modem } from '../../src/sim/modem-types.js';
import cubecell from '../../devices/consoles/heltec-cubecell/index.js';
import esp32 from '../../devices/consoles/heltec-esp32/index.js';
import virtualCubecell from '../../simulators/consoles/heltec-cubecell/index.js';
import virtualEsp32 from '../../simulators/consoles/heltec-esp32/index.js';
import { bench, type Bench } from './bench.js';

// The boards with the real MAC behind them, and nobody who answers it.

const modemOf = (profile: typeof virtualCubecell.profile): Modem =>
  startModem({ seed: 'heltec', name: 'board', startUs: 0, profile });

/** Lets both run for some time, in steps of 50 ms. */
const together = (b: Bench, modem: Modem, ms: number, over: () => boolean = () => false): void => {
  for (let at = 0; at < ms && !over(); at += 50) {
    b.wire.advance(b.wire.nowUs + 50_000);
    modem.advance(b.wire.nowUs, { event: (event) => b.tell(event) });
  }
};
const runs = <T>(b: Bench, modem: Modem, script: Script<T>): Result<T> | undefined => {
  let end: Result<T> | undefined;
  const told = (function* (): Script<T> {
    end = yield* script;
    return end;
  })();
  b.wire.tell({ kind: 'script', id: 99, script: told });
  together(b, modem, 300_000, () => end !== undefined);
  return end;
};

test('a CubeCell joins in vain, and sends with keys of its own', () => {
  const modem = modemOf(virtualCubecell.profile);
  const b = bench({ dialect: cubecell, twin: virtualCubecell, modem });
  const { verbs } = cubecell;
  expect(runs(b, modem, verbs.join({ attempts: 1, withinMs: 20_000 }))).toEqual({
    ok: true,
    value: { joined: false, why: 'no-answer' },
  });
  expect(runs(b, modem, verbs.send({ fPort: 5, hex: '01', confirmed: false }))).toMatchObject({
    problem: { code: 'board-refused' },
  });
  expect(runs(b, modem, verbs.restart())).toMatchObject({ ok: true });
  together(b, modem, 1_000);
  const abp = { devAddr: '01020304', nwkSKey: '11'.repeat(16), appSKey: '22'.repeat(16) };
  expect(runs(b, modem, verbs.setKeys(abp))).toMatchObject({ value: abp });
  expect(runs(b, modem, verbs.join({ attempts: 1, withinMs: 20_000 }))).toMatchObject({
    value: { joined: true, devAddr: '01020304' },
  });
  for (let i = 1; i <= 3; i++) {
    expect(runs(b, modem, verbs.send({ fPort: 5, hex: '0102', confirmed: false }))).toEqual({
      ok: true,
      value: { end: 'sent', downlinks: [] },
    });
    expect(modem.fCntUp).toBe(i);
  }
  expect(runs(b, modem, verbs.send({ fPort: 5, hex: '0102', confirmed: true }))).toMatchObject({
    value: { end: 'not-acknowledged', why: 'no-answer' },
  });
});

test('the sketch of an ESP32 tries again every 30 s', () => {
  const modem = modemOf(virtualEsp32.profile);
  const b = bench({ dialect: esp32, twin: virtualEsp32, modem, flash: { licensed: true } });
  together(b, modem, 120_000);
  const failed = b.events.filter(({ kind }) => kind === 'join-failed').length;
  expect(failed).toBeGreaterThan(1);
  expect(failed).toBeLessThan(5);
});
