import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  loadMemory,
  memoryText,
  newSession,
  saveMemory,
  type Memory,
  type Session,
} from '../../src/network/session.js';
import type { MacView } from '../../src/network/mac-view.js';

const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
const count = fc.nat(0xffff_ffff);
const view: fc.Arbitrary<MacView> = fc.record(
  {
    rx1DelayS: fc.integer({ min: 1, max: 15 }),
    rx1DrOffset: fc.nat(5),
    rx2DataRate: fc.nat(15),
    rx2FreqHz: count,
    extraHz: fc.array(count, { maxLength: 5 }),
    txPower: fc.nat(15),
    nbTrans: fc.nat(15),
    dataRate: fc.nat(15),
    asked: fc.array(
      fc.constantFrom({ kind: 'dev-status-req' as const }, { kind: 'rx-timing-setup-req' as const, delayS: 5 }),
    ),
    askedIn: fc.stringMatching(/^[0-9a-f]{16}$/),
    mostDataRate: fc.nat(15),
    mostTxPower: fc.nat(15),
    unanswered: fc.nat(100),
    refused: fc.array(fc.constantFrom('dev-status-req' as const, 'new-channel-req' as const)),
  },
  {
    requiredKeys: [
      ...(['rx1DelayS', 'rx1DrOffset', 'rx2DataRate', 'rx2FreqHz', 'extraHz', 'txPower', 'nbTrans'] as const),
      ...(['dataRate', 'asked', 'unanswered', 'refused'] as const),
    ],
  },
);
const session: fc.Arbitrary<Session> = fc
  .record({
    ...{ devAddr: count, nwkSKey: key, appSKey: key, nextFCntUp: count, nextFCntDown: count },
    view: fc.option(view, { nil: undefined }),
    heardBy: fc.array(
      fc.record({
        gateway: fc.stringMatching(/^[0-9a-f]{16}$/),
        marginDb: fc.double({ noNaN: true, noDefaultInfinity: true }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ devAddr, nwkSKey, appSKey, ...rest }) => ({ ...newSession(devAddr, { nwkSKey, appSKey }), ...rest }));
const memory: fc.Arbitrary<Memory> = fc.record({
  devEui: fc.stringMatching(/^[0-9a-f]{16}$/),
  joinNonce: count,
  devNonces: fc.array(fc.nat(0xffff)).map((nonces) => new Set(nonces)),
  session: fc.option(session, { nil: undefined }),
  pending: fc.option(session, { nil: undefined }),
  queue: fc.constant([]),
  flight: fc.constant(undefined),
  statusAskedUs: count,
  status: fc.option(fc.record({ atUs: count, battery: fc.nat(255), marginDb: fc.nat(31) }), { nil: undefined }),
});

test('the text of a memory says what JSON.stringify would, and is read back', () => {
  fc.assert(
    fc.property(memory, (one) => {
      const read: unknown = JSON.parse(memoryText(one));
      expect(read).toEqual(JSON.parse(JSON.stringify(saveMemory(one, { nonces: false }))));
      const again = saveMemory(loadMemory(read, one)!);
      // What is asked and refused begins anew in part: `loadView` says so.
      expect({ ...again, session: again.session?.nextFCntUp, pending: again.pending?.nextFCntUp }).toEqual({
        ...saveMemory(one),
        session: one.session?.nextFCntUp,
        pending: one.pending?.nextFCntUp,
      });
    }),
  );
});
