import { describe, expect, test } from 'vitest';
import { usPerMs, usPerSecond } from '../../src/base/time.js';
import { adrAckDelay, adrAckLimit } from '../../src/sim/mac-adr.js';
import { chatter, lab, raw, type LabSetup, type Reply } from './lab.js';

const hello: Reply = { fPort: 9, payload: new Uint8Array([1]) };
/** One message after the join, and nothing else. */
const once =
  (options: { confirmed?: boolean; tries?: number } = {}): LabSetup['sensor'] =>
  (port, input) =>
    void (input.kind === 'joined' && port.send(raw(), options));

describe('confirmed uplinks', () => {
  test('come again after 1 to 3 s, slower after every second try, and are reported given up', () => {
    const one = lab({ sensor: once({ confirmed: true }), profile: { confirmedTries: 5 } });
    one.play(60);
    expect(one.uplinks.map(({ dr }) => dr)).toEqual([5, 5, 4, 4, 3]);
    expect(new Set(one.uplinks.map(({ phy }) => phy)).size).toBe(1);
    for (const [i, { startUs }] of one.uplinks.slice(1).entries()) {
      const pauseUs = startUs - one.uplinks[i]!.endUs - 2 * usPerSecond;
      expect(pauseUs).toBeGreaterThanOrEqual(usPerSecond);
      expect(pauseUs).toBeLessThanOrEqual(3 * usPerSecond);
    }
    expect(one.told.at(-1)).toEqual({ kind: 'delivered', acknowledged: false });
    expect(one.notes.map(({ what }) => what)).toEqual([...new Array(4).fill('waits-retry'), 'given-up']);
  });

  test('end with their acknowledgement', () => {
    const one = lab({
      sensor: once({ confirmed: true }),
      uplink: (uplink, server) =>
        void (server.sessionOf('b-01').fCntDown < 1 && server.reply(uplink, { ack: true, window: 2 })),
    });
    one.play(60);
    expect(one.uplinks).toHaveLength(1);
    expect(one.told.at(-1)).toEqual({ kind: 'delivered', acknowledged: true });
  });

  test('are not acknowledged by a downlink without ACK', () => {
    const one = lab({
      sensor: once({ confirmed: true, tries: 2 }),
      uplink: (uplink, server) => void server.reply(uplink, hello),
    });
    one.play(60);
    expect(one.uplinks).toHaveLength(2);
    expect(one.told.at(-1)).toEqual({ kind: 'delivered', acknowledged: false });
  });

  test('from 1.0.4 on NbTrans says how often', () => {
    const block: Reply = {
      commands: [{ kind: 'link-adr-req', dataRate: 4, txPower: 0, channelMask: 7, channelMaskControl: 0, nbTrans: 3 }],
    };
    let n = 0;
    const one = lab({
      profile: { lorawan: '1.0.4' },
      sensor: chatter(60_000, { confirmed: true }),
      uplink: (uplink, server) => void (n++ === 0 && server.reply(uplink, block)),
    });
    one.play(100);
    expect(one.uplinks.map(({ fCnt, dr }) => [fCnt, dr])).toEqual([
      [0, 5],
      [1, 4],
      [1, 4],
      [1, 4],
    ]);
  });
});

describe('downlinks', () => {
  test('a confirmed one is acknowledged at once, with an empty frame when there is nothing to say', () => {
    const one = lab({
      sensor: once(),
      uplink: (uplink, server) => void (uplink.fCnt === 0 && server.reply(uplink, { ...hello, confirmed: true })),
    });
    one.play(30);
    expect(one.uplinks).toHaveLength(2);
    const { frame } = one.uplinks[1]!;
    expect([frame.ack, frame.confirmed, frame.fPort, frame.payload.length]).toEqual([true, false, undefined, 0]);
    expect(one.told.filter(({ kind }) => kind === 'downlink')).toEqual([
      { kind: 'downlink', fPort: 9, bytes: new Uint8Array([1]) },
    ]);
  });

  test('a confirmed one that comes again is acknowledged again and told once; an old one is neither', () => {
    const one = lab({
      sensor: chatter(20_000),
      uplink(uplink, server) {
        if (uplink.fCnt < 2) server.reply(uplink, { ...hello, confirmed: true, fCnt: 5 });
        if (uplink.fCnt === 3) server.reply(uplink, { ...hello, confirmed: true, fCnt: 4 });
        if (uplink.fCnt === 5) server.reply(uplink, { ...hello, fCnt: 5 });
      },
    });
    one.play(150);
    expect(one.uplinks.slice(0, 3).map(({ frame }) => frame.ack)).toEqual([false, true, true]);
    expect(one.uplinks.slice(3).some(({ frame }) => frame.ack)).toBe(false);
    expect(one.told.filter(({ kind }) => kind === 'downlink')).toHaveLength(1);
  });

  test('the acknowledgement rides on a message that waits', () => {
    const one = lab({
      sensor(port, input) {
        if (input.kind === 'joined' || input.kind === 'downlink') port.send(raw());
      },
      uplink: (uplink, server) => void (uplink.fCnt === 0 && server.reply(uplink, { ...hello, confirmed: true })),
    });
    one.play(30);
    expect(one.uplinks.map(({ frame }) => [frame.ack, frame.fPort])).toEqual([
      [false, 2],
      [true, 2],
    ]);
  });

  test('FPending fetches the next one', () => {
    const one = lab({
      sensor: once(),
      uplink: (uplink, server) => void server.reply(uplink, { ...hello, fPending: uplink.fCnt < 3 }),
    });
    one.play(60);
    expect(one.uplinks.map(({ frame }) => frame.fPort)).toEqual([2, undefined, undefined, undefined]);
    expect(one.told.filter(({ kind }) => kind === 'downlink')).toHaveLength(4);
  });

  test.each([
    ['1.0.3', 0],
    ['1.0.4', 1],
  ] as const)('a jump of the counter beyond MAX_FCNT_GAP: %s takes %i', (lorawan, count) => {
    const one = lab({
      profile: { lorawan },
      sensor: once(),
      uplink: (uplink, server) => void server.reply(uplink, { ...hello, fCnt: 16_384 }),
    });
    one.play(30);
    expect(one.told.filter(({ kind }) => kind === 'downlink')).toHaveLength(count);
  });

  test("somebody else's frame in the first window leaves the second open", () => {
    const one = lab({
      bays: 2,
      air: { ideal: false, fadingDb: 0 },
      sensor: once(),
      uplink(uplink, server) {
        if (uplink.bay !== 'b-01' || uplink.fCnt > 0) return;
        const to = { ...uplink, bay: 'b-02' };
        expect(server.reply(to, hello)).toBe('ok');
        expect(server.reply(uplink, { ...hello, window: 2 })).toBe('ok');
      },
    });
    one.play(40);
    expect(one.fates.slice(-2).map(({ bay, result }) => [bay, result])).toEqual([
      [undefined, 'not-listening'],
      ['b-01', 'received'],
    ]);
    expect(one.told.filter(({ kind }) => kind === 'downlink')).toHaveLength(1);
  });
});

describe('ADR back-off', () => {
  const start: Reply = {
    commands: [{ kind: 'link-adr-req', dataRate: 2, txPower: 3, channelMask: 1, channelMaskControl: 0, nbTrans: 2 }],
  };
  const silentAfterFirst = (how: LabSetup, replyAt = -1) =>
    lab({
      sensor: chatter(200_000),
      ...how,
      uplink(uplink, server) {
        if (uplink.fCnt === 0) server.reply(uplink, start);
        if (uplink.fCnt === replyAt) server.reply(uplink, hello);
      },
    });
  /** Of each frame: DR, whether it asks, loudness against the first, channels so far. */
  const story = (one: ReturnType<typeof lab>) => {
    const byCount = new Map(one.uplinks.map((uplink) => [uplink.fCnt, uplink]));
    return (fCnt: number) => byCount.get(fCnt)!;
  };

  test('step by step: ask, full power, slower and slower, own channels and one transmission; 1.0.4', () => {
    const one = silentAfterFirst({ profile: { lorawan: '1.0.4' } });
    one.play(200 * 270);
    const at = story(one);
    // The downlink came after frame 0, so frame 1 has count 0.
    for (let fCnt = 1; fCnt < 260; fCnt++) {
      const count = fCnt - 1;
      const steps = Math.max(0, Math.floor((count - adrAckLimit) / adrAckDelay));
      const { frame, dr, rx } = at(fCnt);
      expect(frame.adr, `frame ${fCnt}`).toBe(true);
      expect(frame.adrAckReq, `frame ${fCnt}`).toBe(count >= adrAckLimit);
      // Step 1 is power; 2 and 3 are DR1 and DR0; from the fourth the channels are back.
      expect(dr, `frame ${fCnt}`).toBe(steps < 2 ? 2 : steps === 2 ? 1 : 0);
      expect(at(0).rx.rssiDbm - rx.rssiDbm, `frame ${fCnt}`).toBe(steps === 0 ? 6 : 0);
      if (steps < 4) expect(rx.freqHz).toBe(868_100_000);
      expect(one.uplinks.filter((uplink) => uplink.fCnt === fCnt).length).toBe(steps < 4 ? 2 : 1);
    }
    const late = one.uplinks.filter(({ fCnt }) => fCnt > adrAckLimit + 4 * adrAckDelay);
    expect(new Set(late.map(({ rx }) => rx.freqHz)).size).toBe(3);
  });

  test('up to 1.0.3 who can do no more does not ask', () => {
    const one = silentAfterFirst({ profile: { lorawan: '1.0.2' } });
    one.play(200 * 220);
    const at = story(one);
    expect([64, 65, 192, 193, 194].map((fCnt) => at(fCnt).frame.adrAckReq)).toEqual([false, true, true, false, false]);
  });

  test('any downlink in a window begins anew', () => {
    const one = silentAfterFirst({ profile: { lorawan: '1.0.4' } }, 100);
    one.play(200 * 170);
    const at = story(one);
    expect([100, 101, 164, 165].map((fCnt) => at(fCnt).frame.adrAckReq)).toEqual([true, false, false, true]);
    expect(at(165).dr).toBe(2);
  });
});

describe('messages', () => {
  test('the queue holds sixteen; the oldest goes, and it is said', () => {
    const one = lab({
      sensor(port, input) {
        if (input.kind !== 'joined') return;
        for (let i = 0; i < 18; i++) port.send({ type: 'raw', fPort: 2, bytes: new Uint8Array([i]) });
      },
    });
    one.play(120);
    // The first one leaves the queue when the step is over.
    expect(one.uplinks.map(({ payload }) => payload[0])).toEqual(Array.from({ length: 16 }, (_, i) => i + 2));
    expect(one.notes.filter(({ what }) => what === 'dropped-queue-full')).toHaveLength(2);
    expect(one.notes.filter(({ what }) => what === 'waits-turn')).toHaveLength(15);
  });

  test('one that is too long for its data rate goes faster, one too long for any is dropped and said', () => {
    const one = lab({
      profile: { dataRate: 0 },
      sensor(port, input) {
        if (input.kind !== 'joined') return;
        port.send(raw(243), { confirmed: true });
        port.send(raw(100));
      },
    });
    one.play(60);
    expect(one.uplinks.map(({ dr, payload }) => [dr, payload.length])).toEqual([[3, 100]]);
    expect(one.notes.some(({ what }) => what === 'dropped-too-long')).toBe(true);
    expect(one.told.at(-1)).toEqual({ kind: 'delivered', acknowledged: false });
  });

  test('one that waits for a join says so', () => {
    const one = lab({ accept: false, sensor: (port, input) => void (input.kind === 'boot' && port.send(raw())) });
    one.play(10);
    expect(one.notes[0]).toMatchObject({ bay: 'b-01', what: 'not-joined' });
  });

  test('windows open to the microsecond: half a symbol off is heard, a preamble off is not', () => {
    const symbolUs = 1024;
    const offset = (us: number): string | undefined => {
      const one = lab({
        sensor: once(),
        uplink: (uplink, server) => void server.reply(uplink, { ...hello, afterUs: usPerSecond + us }),
      });
      one.play(20);
      return one.fates.at(-1)?.result;
    };
    expect([0, symbolUs / 2, -symbolUs / 2].map(offset)).toEqual(['received', 'received', 'received']);
    expect([20 * usPerMs, -20 * usPerMs].map(offset)).toEqual(['not-listening', 'not-listening']);
  });
});
