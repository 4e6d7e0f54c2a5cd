import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agenda, blockedAgenda, type Agenda } from '../../src/base/agenda.js';
import { wideAgenda } from '../../src/base/wide-agenda.js';

const keys = 12;
const second = 1_000_000;

/** The plainest agenda there is. */
const plain = (): Agenda => {
  const due = new Map<number, number>();
  const first = (): readonly [number, number] | undefined =>
    [...due].sort(([a, atA], [b, atB]) => atA - atB || a - b)[0];
  return {
    set: (key, atUs) => void due.set(key, atUs),
    clear: (key) => void due.delete(key),
    get nextUs() {
      return first()?.[1] ?? Infinity;
    },
    pop() {
      const key = first()?.[0] ?? -1;
      due.delete(key);
      return key;
    },
    at: (key) => due.get(key) ?? Infinity,
  };
};

const key = fc.nat(keys - 1);
// Near and far, also beyond a whole turn of the lists, and equal ones.
const ahead = fc.oneof(
  fc.nat(5),
  fc.nat(3 * second),
  fc.nat(100_000).map((s) => s * second),
  fc.nat(20).map((days) => days * 86_400 * second),
);
const act = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, ahead }),
  fc.record({ kind: fc.constant('clear' as const), key }),
  fc.record({ kind: fc.constant('pop' as const) }),
);

test.each([
  ['agenda', agenda],
  ['wideAgenda', wideAgenda],
  ['blockedAgenda', (capacity: number) => blockedAgenda(capacity, 5)],
])('%s does what the plainest one does', (_name, make) => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), fc.integer({ min: -10, max: 10 ** 15 }), (acts, startUs) => {
      const ours = make(keys);
      const model = plain();
      let nowUs = startUs;
      for (const one of acts) {
        if (one.kind === 'set') for (const it of [ours, model]) it.set(one.key, nowUs + one.ahead);
        else if (one.kind === 'clear') for (const it of [ours, model]) it.clear(one.key);
        else {
          nowUs = Math.max(nowUs, model.nextUs === Infinity ? nowUs : model.nextUs);
          expect(ours.pop()).toBe(model.pop());
        }
        expect(ours.nextUs).toBe(model.nextUs);
        for (let k = 0; k < keys; k++) expect(ours.at(k)).toBe(model.at(k));
      }
    }),
  );
});
