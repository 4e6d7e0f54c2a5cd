import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ledger } from '../../src/city/ledger.js';
import type { Outcome } from '../../src/ladder/outcome.js';
import { wrapped } from '../../src/report/wrap.js';
import type { SentFrame } from '../../src/sim/run-types.js';

const sent = (id: string, lost?: SentFrame['lost']): SentFrame => ({
  id,
  bay: 'b',
  lot: 'l',
  sensor: 's',
  kind: 'data',
  startUs: 0,
  endUs: 1,
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  phy: new Uint8Array(),
  heardBy: lost ? 0 : 1,
  ...(lost && { lost }),
});
const outcome = (frame: string, result: Outcome['result'], why?: Outcome['why']): Outcome => ({
  frame,
  atUs: 2,
  result,
  ...(why && { why }),
  gateways: [],
  events: 0,
});

describe('the ledger', () => {
  test('joins what was sent with what became of it; a repeated frame is counted twice', () => {
    const book = ledger();
    book.sent(sent('a'));
    book.sent(sent('a'));
    book.sent(sent('b', 'collision'));
    book.sent(sent('c'));
    book.outcome(outcome('a', 'accepted'));
    book.outcome(outcome('a', 'refused', 'retransmission'));
    book.outcome(outcome('x', 'accepted'));
    const read = book.read();
    expect(read).toMatchObject({
      sent: 4,
      heard: 3,
      accepted: 1,
      refused: { retransmission: 1 },
      lost: { collision: 1 },
    });
    expect(read).toMatchObject({ open: 1, strangers: 1, balanced: true });
    book.outcome(outcome('c', 'joined'));
    expect(book.read()).toMatchObject({ open: 0, joined: 1, balanced: true });
    book.outcome(outcome('c', 'joined'));
    expect(book.read()).toMatchObject({ joined: 1, strangers: 2, balanced: true });
  });

  test('balances whatever happens, in whatever order', () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({ id, lost: fc.constantFrom(undefined, 'too-weak' as const) }),
      fc.record({ id, result: fc.constantFrom('accepted' as const, 'joined' as const, 'refused' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const book = ledger();
        for (const one of steps)
          if ('result' in one) book.outcome(outcome(one.id, one.result));
          else book.sent(sent(one.id, one.lost));
        expect(book.read().balanced).toBe(true);
      }),
    );
  });
});

test('a long line is wrapped at spaces and loses no word', () => {
  expect(wrapped('short', 10, '  ')).toEqual(['short']);
  expect(wrapped('uplinks    sent 149 = accepted 74', 22, '   ')).toEqual(['uplinks    sent 149 =', '   accepted 74']);
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
      fc.integer({ min: 14, max: 60 }),
      (words, width) => {
        const lines = wrapped(words.join(' '), width, ' ');
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(words);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      },
    ),
  );
});
