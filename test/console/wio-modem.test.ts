import { describe, expect, test } from 'vitest';
import rn2483 from '../../devices/consoles/microchip-rn2483/index.js';
import wio from '../../devices/consoles/seeed-wio-e5/index.js';
import st from '../../devices/consoles/st-at-slave/index.js';
import virtualRn2483 from '../../simulators/consoles/microchip-rn2483/index.js';
import virtualWio from '../../simulators/consoles/seeed-wio-e5/index.js';
import virtualSt from '../../simulators/consoles/st-at-slave/index.js';
import type { Result } from '../../src/base/result.js';
import type { Dialect } from '../../src/console/dialect.js';
import type { Script } from '../../src/console/script.js';
import { startModem } from '../../src/sim/modem.js';
import type { VirtualConsole } from '../../src/sim/twin.js';
import { deviceOf, serve } from '../sim/modem-bench.js';
import { bench } from './bench.js';

// The boards with the real MAC behind them, the simulated gateway, and a network server that knows their keys.

const stepUs = 50_000;

const start = (dialect: Dialect, twin: VirtualConsole) => {
  const modem = startModem({ seed: 'wio', name: twin.id, startUs: 0, profile: twin.profile });
  const network = serve(modem, { devices: [deviceOf(modem.identity, { lorawan: twin.profile.lorawan })] });
  const b = bench({ dialect, twin, modem });
  network.tell.event = (event) => b.tell(event);
  const together = (ms: number, over: () => boolean = () => false): void => {
    for (let at = 0; at < ms * 1_000 && !over(); at += stepUs) {
      b.wire.advance(b.wire.nowUs + stepUs);
      network.playTo(b.wire.nowUs);
    }
  };
  let id = 100;
  const runs = <T>(script: Script<T>, ms = 300_000): Result<T> | undefined => {
    let end: Result<T> | undefined;
    const kept = (function* (): Script<T> {
      end = yield* script;
      return end;
    })();
    b.wire.tell({ kind: 'script', id: id++, script: kept });
    together(ms, () => end !== undefined);
    return end;
  };
  return { b, modem, network, together, runs };
};

const all = [
  [wio, virtualWio],
  [rn2483, virtualRn2483],
  [st, virtualSt],
] as const;

describe.each(all.map(([dialect, twin]) => ({ id: dialect.id, dialect: dialect as Dialect, twin })))(
  '$id with a real network',
  ({ dialect, twin }) => {
    const { verbs } = dialect;
    const how = { attempts: 1, withinMs: 20_000 };

    test('joins, sends, is acknowledged and hears', () => {
      const { modem, network, runs, together } = start(dialect, twin);
      together(1_000);
      expect(runs(verbs.identify())).toMatchObject({ ok: true, value: { devEui: modem.identity.devEui } });
      expect(runs(verbs.join(how))).toMatchObject({ ok: true, value: { joined: true } });
      expect(modem.joined).toBe(true);
      expect(runs(verbs.send({ fPort: 2, hex: '0000000000000001', confirmed: false }))).toEqual({
        ok: true,
        value: { end: 'sent', downlinks: [] },
      });
      together(120_000);
      expect(runs(verbs.send({ fPort: 2, hex: '0000000000000002', confirmed: true }))).toMatchObject({
        value: { end: 'acknowledged' },
      });
      together(120_000);
      network.downlink([0xab, 0xcd], { fPort: 7 });
      expect(runs(verbs.send({ fPort: 2, hex: '0000000000000003', confirmed: false }))).toMatchObject({
        ok: true,
        value: { end: 'sent', downlinks: [{ fPort: 7, hex: 'abcd' }], rssiDbm: expect.any(Number) },
      });
      together(120_000);
      network.downlink([1], { fPort: 8 });
      expect(runs(verbs.send({ fPort: 2, hex: '0000000000000004', confirmed: true }))).toMatchObject({
        value: { end: 'acknowledged', downlinks: [{ fPort: 8, hex: '01' }] },
      });
      expect(network.outcomes.map(({ result }) => result)).not.toContain('refused');
    });

    test('does not join with another key, nor where nobody answers', () => {
      const { modem, runs, together } = start(dialect, twin);
      together(1_000);
      expect(runs(verbs.setKeys({ appKey: 'ff'.repeat(16) }))).toMatchObject({ ok: true });
      expect(runs(verbs.join(how))).toEqual({ ok: true, value: { joined: false, why: 'no-answer' } });
      expect(runs(verbs.send({ fPort: 2, hex: '00', confirmed: false }))).toMatchObject({
        problem: { code: 'board-refused' },
      });
      expect(modem.joined).toBe(false);
    });

    test('what a rescue restores is what it was made with', () => {
      const { modem, runs, together } = start(dialect, twin);
      const names = ['dataRate', 'adr', 'deviceClass', 'rx1DelayS', 'rx2Hz', 'publicNetwork'] as const;
      const facts = () => [modem.identity.devEui, ...names.map((name) => modem.settings[name])];
      together(1_000);
      const made = facts();
      expect(runs(verbs.setKeys({ devEui: '0011223344556677' }))).toMatchObject({ ok: true });
      modem.settings.dataRate = 4;
      modem.settings.adr = false;
      expect(runs(verbs.rescue())).toMatchObject({ ok: true });
      expect(facts()).toEqual(made);
    });
  },
);
