import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { downlinkLosses, refusals } from '../../src/ladder/outcome.js';
import { downlinkFailures } from '../../src/network/queue.js';
import { losses } from '../../src/sim/air.js';
import { downlinkResults } from '../../src/sim/downlink-air.js';
import { stageOf } from '../../src/trace/life-verdict.js';
import { factOf, whoOf } from '../../src/trace/life-facts.js';
import { livesOf, type Life } from '../../src/trace/life.js';
import type { TraceRecord } from '../../src/trace/record.js';
import * as one from './lives.js';

const { t0, s, devEui, devAddr, bay } = one;
const lifeOf = (records: readonly TraceRecord[], id: string): Life =>
  livesOf(records).lives.find((life) => life.id === id)!;
const phy = one.dataPhy(3);
const id = one.idOf(phy);
const told = ({ steps }: Life): readonly string[] =>
  steps.map(({ stage, what, ok }) => `${stage} ${what}${ok ? '' : '!'}`);

describe('an uplink', () => {
  const way = [one.sent(phy, t0), one.heard(phy, t0 + s), one.outcome(phy, t0 + 2 * s, { fCnt: 3 })];

  test('that arrived is told from the device to the sink, in whatever order the records come', () => {
    for (const records of [way, [...way].reverse()]) {
      const life = lifeOf(records, id);
      expect(life).toMatchObject({
        kind: 'uplink',
        carries: 'data',
        devEui,
        devAddr,
        bay,
        fCnt: 3,
        fPort: 2,
        atUs: t0,
      });
      expect(life.verdict).toMatchObject({ result: 'arrived', stage: 'sink' });
      expect(told(life)).toEqual([
        'device sent',
        'air heard',
        'gateway heard',
        'server taken',
        'session found',
        'mic right',
        'counter fresh',
        'codec read',
        'sink handed-over',
      ]);
    }
  });

  test.each(losses.map((lost) => [lost]))('lost in the air: %s', (lost) => {
    const life = lifeOf([one.sent(phy, t0, { heardBy: 0, lost })], id);
    expect(life.verdict).toMatchObject({ result: 'lost', stage: 'air', why: lost, next: expect.any(String) });
    expect(told(life)).toEqual(['device sent', `air ${lost}!`]);
  });

  test.each(refusals.map((why) => [why]))('refused by the ladder: %s', (why) => {
    const life = lifeOf([one.sent(phy, t0), one.outcome(phy, t0 + s, { result: 'refused', why, events: 0 })], id);
    const again = why === 'retransmission';
    expect(life.verdict).toMatchObject(again ? { result: 'arrived' } : { result: 'lost', stage: stageOf[why], why });
    expect(life.steps.at(-1)).toMatchObject({ stage: stageOf[why], what: why, ok: again });
  });

  test('a repetition of what had arrived does not undo it', () => {
    const again = one.outcome(phy, t0 + 9 * s, { result: 'refused', why: 'retransmission' });
    expect(lifeOf([...way, again], id).verdict.result).toBe('arrived');
    expect(lifeOf([again], id).verdict.result).toBe('arrived');
    const replay = one.outcome(phy, t0 + 99 * s, { result: 'refused', why: 'replay' });
    expect(lifeOf([...way, replay], id).verdict.result).toBe('arrived');
  });

  test('that a gateway heard and no server speaks of stays open at the gateway', () => {
    expect(lifeOf([one.heard(phy, t0)], id).verdict).toMatchObject({ result: 'open', stage: 'gateway' });
    expect(lifeOf([one.sent(phy, t0)], id).verdict).toMatchObject({ result: 'open', stage: 'gateway' });
    expect(lifeOf([one.sent(phy, t0, { heardBy: 0 })], id).verdict).toMatchObject({ result: 'open', stage: 'air' });
  });

  test('whose events a sink gave up ended at the sink', () => {
    const delivery = (result: 'delivered' | 'dropped'): TraceRecord =>
      one.around({ kind: 'delivery', atUs: t0 + 3 * s, sink: 'mqtt://b', frame: id, result });
    expect(lifeOf([...way, delivery('dropped')], id).verdict).toMatchObject({ result: 'lost', stage: 'sink' });
    expect(lifeOf([...way, delivery('dropped'), delivery('delivered')], id).verdict.result).toBe('arrived');
  });

  test('whose acknowledgement could not leave arrived all the same, and says so', () => {
    const answer = one.downlink(1, t0 + 2 * s, { answers: id, result: 'failed', why: 'too-late', attempts: [] });
    const life = lifeOf([...way, answer], id);
    expect(life.verdict).toMatchObject({ result: 'arrived', text: expect.stringContaining('did not leave') });
    expect(life.frames).toEqual([one.downlinkId(1)]);
    expect(life.steps.at(-1)).toMatchObject({ stage: 'downlink', what: 'too-late', ok: false });
  });

  test('waits of its device come before it, giving up behind it', () => {
    const life = lifeOf([...way, one.note('waits-duty-cycle', t0 - 5 * s, t0), one.note('given-up', t0 + 9 * s)], id);
    expect(told(life)[0]).toBe('device waits-duty-cycle');
    expect(life.steps[0]!.detail).toContain('for 5.0 s');
    expect(told(life).at(-1)).toBe('device given-up!');
  });

  test('a DevAddr belongs to the device that stands beside it elsewhere, unless two use it', () => {
    const stray = one.outcome(one.dataPhy(9), t0 + s, { result: 'refused', why: 'mic-mismatch' });
    const { devEui: _, bay: __, ...body } = stray.body;
    const records = [...way, { ...stray, body }];
    expect(lifeOf(records, one.idOf(one.dataPhy(9)))).toMatchObject({ devEui, bay });
    const other = one.outcome(one.dataPhy(10), t0, { devEui: '0000000000000001', bay: 'og-13' });
    expect(lifeOf([...records, other], one.idOf(one.dataPhy(9))).devEui).toBeUndefined();
  });
});

describe('a join', () => {
  const nonce = one.joinPhy(7);
  const join = one.idOf(nonce);
  const joined = one.joinOutcome(7, t0 + s, { result: 'joined', devAddr });
  const accept = (more = {}): TraceRecord =>
    one.downlink(7, t0 + s, { carries: 'join-accept', answers: join, devAddr, ...more });

  test('whose accept is used arrived', () => {
    const life = lifeOf([joined, accept(), one.outcome(phy, t0 + 20 * s)], join);
    expect(life).toMatchObject({ carries: 'join', verdict: { result: 'arrived', stage: 'session' } });
    expect(lifeOf([joined, accept(), one.outcome(phy, t0 + 20 * s)], one.downlinkId(7)).verdict.result).toBe('arrived');
  });

  test('whose accept nobody used yet is open', () =>
    expect(lifeOf([joined, accept()], join).verdict).toMatchObject({ result: 'open', stage: 'downlink' }));

  test('of an older log without answers is told as far as it goes', () =>
    expect(lifeOf([joined], join).verdict).toMatchObject({ result: 'arrived', text: 'the device joined' }));

  test.each(downlinkLosses.map((why) => [why]))('whose accept did not leave ended there: %s', (why) => {
    const life = lifeOf([joined, accept({ result: 'failed', why, attempts: [] })], join);
    expect(life.verdict).toMatchObject({ result: 'lost', stage: 'downlink', why });
  });

  test.each(downlinkResults.map((result) => [result]))('whose accept the air made %s', (result) => {
    const life = lifeOf([joined, accept(), one.fate(7, t0 + 6 * s, result)], join);
    expect(life.verdict).toMatchObject(
      result === 'received' ? { result: 'arrived' } : { result: 'lost', stage: 'air', why: result },
    );
  });
});

describe('a downlink', () => {
  test('tells each window that was tried', () => {
    const attempt = { gateway: one.gateway, window: 'rx1', freqHz: 868_100_000, dataRate: 'SF7BW125' } as const;
    const life = lifeOf(
      [
        one.downlink(1, t0, {
          carries: 'commands',
          commands: ['link-adr-req'],
          attempts: [
            { ...attempt, verdict: 'gateway-duty-cycle' },
            { ...attempt, window: 'rx2', freqHz: 869_525_000, verdict: 'ok' },
          ],
        }),
      ],
      one.downlinkId(1),
    );
    expect(told(life)).toEqual(['server commands', 'downlink gateway-duty-cycle!', 'downlink sent']);
    expect(life.steps[2]!.detail).toContain('rx2 869.525 MHz');
    expect(life.verdict).toMatchObject({ result: 'open', stage: 'gateway' });
  });

  test.each(downlinkFailures.map((why) => [why]))('in the queue that failed: %s', (why) => {
    const life = lifeOf([one.step('queued', t0), one.step('failed', t0 + s, { why })], 'cmd-1');
    expect(life).toMatchObject({ kind: 'request', verdict: { result: 'lost', stage: 'queue', why } });
  });

  test('in the queue lives from frame to frame', () => {
    const queued = [one.step('queued', t0, { confirmed: true })];
    expect(lifeOf(queued, 'cmd-1').verdict).toMatchObject({ result: 'open', stage: 'queue' });
    const left = [...queued, one.step('sent', t0 + s, { frame: one.downlinkId(1), confirmed: true })];
    const sent = [...left, one.downlink(1, t0 + s, { downlinkId: 'cmd-1', carries: 'application' })];
    expect(lifeOf(left, 'cmd-1').verdict).toMatchObject({ result: 'open', stage: 'downlink' });
    expect(lifeOf(sent, 'cmd-1').frames).toEqual([one.downlinkId(1)]);
    const done = [...sent, one.step('acknowledged', t0 + 9 * s, { frame: one.downlinkId(1) })];
    for (const which of ['cmd-1', one.downlinkId(1)]) expect(lifeOf(done, which).verdict.result).toBe('arrived');
  });
});

test.each(['not-joined', 'waits-duty-cycle', 'dropped-queue-full'])(
  'a message without a frame says why: %s',
  (what) => {
    const life = lifeOf([one.note(what, t0)], bay);
    expect(life).toMatchObject({ kind: 'message', devEui, bay, verdict: { stage: 'device', why: what } });
    expect(life.verdict.result).toBe(what.startsWith('dropped') ? 'lost' : 'open');
  },
);

test('any mixture in any order gives every frame exactly one life with one verdict', () =>
  fc.assert(
    fc.property(fc.array(one.anyLifeRecord, { maxLength: 40 }), (records) => {
      const { lives, unread } = livesOf(records);
      expect(unread).toBe(0);
      const named = new Set<string>();
      for (const record of records) {
        const fact = factOf(record);
        const who = fact?.ok ? whoOf(fact.value) : {};
        for (const frame of [who.frame, who.answers]) if (frame !== undefined) named.add(frame);
      }
      const frames = lives.filter(({ kind }) => kind === 'uplink' || kind === 'downlink').map((life) => life.id);
      expect([...frames].sort()).toEqual([...named].sort());
      for (const { verdict, steps, atUs } of lives) {
        expect(verdict.text).not.toBe('');
        expect(['arrived', 'lost', 'open']).toContain(verdict.result);
        expect(steps.map((step) => step.atUs)).toEqual(steps.map((step) => step.atUs).sort((a, b) => a - b));
        expect(Number.isFinite(atUs)).toBe(true);
      }
      // What is told does not hang on the order in which it came.
      const summary = (of: readonly Life[]): unknown =>
        of.map((life) => [life.id, life.kind, life.verdict.result]).sort();
      expect(summary(livesOf([...records].reverse()).lives)).toEqual(summary(lives));
    }),
    { numRuns: 300 },
  ));

test('records whose body is not what their kind says are counted, and never throw', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          us: fc.maxSafeInteger(),
          source: fc.constantFrom('bay:x', 'gateway:00800000a00009ef', 'ladder'),
          kind: fc.constantFrom('sent', 'rx', 'outcome', 'downlink', 'downlink-event', 'fate', 'note', 'sink', 'truth'),
          body: fc.dictionary(
            fc.constantFrom('frame', 'phy', 'devEui', 'why', 'attempts', 'gateways', 'at'),
            fc.jsonValue(),
          ),
        }),
      ),
      (records) => void livesOf(records as readonly TraceRecord[]),
    ),
    { numRuns: 500 },
  ));
