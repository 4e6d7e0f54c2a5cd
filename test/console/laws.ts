import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WireOptions } from '../../src/base/wire.js';
import type { Dialect } from '../../src/console/dialect.js';
import type { LineReader } from '../../src/console/dialect.js';
import { lineCutter } from '../../src/base/cut.js';
import type { VirtualConsole } from '../../src/sim/twin.js';
import { bench, type Bench } from './bench.js';
import { downlink, scriptedModem } from './scripted-modem.js';

/** Cuts bytes at chosen lengths, over and over. */
const cutBy =
  (lengths: readonly number[]): WireOptions['cut'] =>
  (bytes) => {
    const pieces: Uint8Array[] = [];
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const length = lengths[i % lengths.length]!;
      pieces.push(bytes.subarray(at, at + length));
      at += length;
    }
    return pieces;
  };

const identity = (b: Bench, dialect: Dialect): unknown => b.run(dialect.verbs.identify());

/** A story with news in it: identify, a join, a downlink between two questions. */
const story = (dialect: Dialect, twin: VirtualConsole, options: WireOptions): unknown => {
  const modem = scriptedModem();
  const b = bench({ dialect, twin, modem }, options);
  b.wire.advance(5_000_000);
  const first = identity(b, dialect);
  modem.joined = true;
  b.tell({ kind: 'joined', devAddr: 0x26011234, netId: 0x13 });
  b.tell(downlink(10, [0x0a, 0x0b]));
  b.tell({ kind: 'delivered', acknowledged: true });
  b.wire.advance(b.wire.nowUs + 2_000_000);
  return { first, again: identity(b, dialect), events: b.events, lines: b.lines.map(({ text, what }) => [text, what]) };
};

/**
 * What is true of every console and its make-believe end.
 */
export const consoleLaws = (dialect: Dialect, twin: VirtualConsole): void => {
  describe(`${dialect.id}: laws`, () => {
    test('any cutting of the bytes gives the same events', () => {
      const whole = story(dialect, twin, {});
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }), (lengths) => {
          expect(story(dialect, twin, { cut: cutBy(lengths) })).toEqual(whole);
        }),
        { numRuns: 20 },
      );
    });

    test('noise is survived, by the console and by the board', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, toBoard) => {
          const modem = scriptedModem();
          const b = bench({ dialect, twin, modem });
          b.wire.advance(5_000_000);
          const usual = identity(b, dialect);
          const text = String.fromCharCode(...noise);
          if (toBoard) b.type(text, 2_000);
          else b.hear(noise);
          b.type(dialect.terminator, 2_000);
          b.wire.advance(b.wire.nowUs + 3_000_000);
          // Noise may have been an answer to a question that was not put; the next one is not its victim.
          expect(identity(b, dialect)).toEqual(usual);
        }),
        { numRuns: 60 },
      );
    });

    test('the reader takes any line', () => {
      const command = { name: '', text: 'AT', ends: 'status', withinMs: 1_000 } as const;
      const letters = fc.string({ unit: fc.constantFrom(...'AT+EVT:=,0123 RXokOKERROR-<>"\'\u00ff'), maxLength: 60 });
      fc.assert(
        fc.property(fc.array(fc.oneof(letters, fc.string({ maxLength: 80 }))), fc.boolean(), (lines, open) => {
          const reader: LineReader = dialect.reader();
          for (const line of lines) reader.line(line, open ? command : undefined);
        }),
        { numRuns: 300 },
      );
    });

    test('a cable that is pulled at any byte of an identification ends it, and back it works', () => {
      const every = { cut: cutBy([1]), backAfterMs: 500 };
      let total = 0;
      const whole = bench({ dialect, twin, modem: scriptedModem() }, { ...every, unplug: () => (total++, false) });
      whole.wire.advance(5_000_000);
      const from = total;
      const usual = identity(whole, dialect);
      expect(usual).toMatchObject({ ok: true });
      for (let at = from; at < total; at++) {
        let pulled = false;
        const b = bench(
          { dialect, twin, modem: scriptedModem() },
          {
            ...every,
            unplug({ count }) {
              const now = count === at && !pulled;
              pulled ||= now;
              return now;
            },
          },
        );
        b.wire.advance(5_000_000);
        const broken = identity(b, dialect) as { ok: boolean; problem?: { code: string } };
        // The very last bytes may come after the answer is known.
        if (!broken.ok) expect(broken.problem?.code).toBe('port-lost');
        b.wire.advance(b.wire.nowUs + 2_000_000);
        b.type(dialect.terminator, 500);
        expect(identity(b, dialect), `pulled at byte ${at}`).toEqual(usual);
      }
    });

    test('its examples mean what their documents say', () => {
      for (const { what, command, bytes, means } of dialect.examples) {
        const open =
          command === undefined ? undefined : ({ name: '', text: command, ends: 'status', withinMs: 1_000 } as const);
        const reader = dialect.reader();
        const cutter = lineCutter();
        const lines = cutter
          .feed(Uint8Array.from(bytes, (c) => c.charCodeAt(0)))
          .flatMap((cut) => ('line' in cut ? [cut.line] : []));
        const rest = cutter.flush();
        const heard = [...lines, ...(rest === '' ? [] : [rest])]
          .filter((line) => line !== command)
          .flatMap((line) => reader.line(line, open))
          .filter(({ kind }) => kind !== 'log');
        expect(heard, what).toEqual(means);
      }
      expect(dialect.examples.length).toBeGreaterThan(0);
    });
  });
};
