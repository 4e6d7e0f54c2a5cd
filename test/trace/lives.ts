import fc from 'fast-check';
import type { DownlinkOutcome, Outcome } from '../../src/ladder/outcome.js';
import { downlinkLosses } from '../../src/ladder/outcome.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { frameId, sealData } from '../../src/lorawan/frame.js';
import { sealJoinRequest } from '../../src/lorawan/join.js';
import { noteRecord } from '../../src/trace/device-note.js';
import { downlinkRecord, queueStepRecord, type QueueStep } from '../../src/trace/downlink.js';
import { fateRecord } from '../../src/trace/fate.js';
import { aroundRecord, type Around } from '../../src/trace/life-around.js';
import { outcomeRecord } from '../../src/trace/outcome.js';
import type { TraceRecord } from '../../src/trace/record.js';
import { rxRecord } from '../../src/trace/rx.js';
import { sentRecord, type Sent } from '../../src/trace/sent.js';

/** 06:00:00 UTC on 1 June 2026. */
export const t0 = 1_780_293_600_000_000;
export const s = 1_000_000;
export const devEui = '70b3d57ed0000012';
export const bay = 'og-12';
export const gateway = '00800000a00009ef';
export const devAddr = '260b1a2f';
const key = aesKey(new Uint8Array(16).fill(7));

/** A data uplink of the device, as bytes. */
export const dataPhy = (fCnt: number, confirmed = false): Uint8Array =>
  sealData({
    uplink: true,
    confirmed,
    devAddr: 0x260b1a2f,
    fCnt,
    fPort: 2,
    payload: Uint8Array.of(1),
    nwkSKey: key,
    appSKey: key,
  });
export const joinPhy = (devNonce: number): Uint8Array =>
  sealJoinRequest({ joinEui: '70b3d57ed0000000', devEui, devNonce, appKey: key });
export const idOf = frameId;

type Any = TraceRecord;
const any = (record: TraceRecord<string, object>): Any => record as Any;

export const sent = (phy: Uint8Array, atUs: number, more: Partial<Sent> = {}): Any =>
  any(
    sentRecord({
      id: frameId(phy),
      bay,
      devEui,
      kind: 'data',
      startUs: atUs,
      endUs: atUs + 50_000,
      freqHz: 868_100_000,
      dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
      phy,
      heardBy: 1,
      ...more,
    }),
  );

export const heard = (phy: Uint8Array, atUs: number): Any =>
  any(
    rxRecord({
      phy,
      atUs,
      gateway,
      freqHz: 868_100_000,
      dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
      rssiDbm: -97,
      snrDb: 8.5,
      crc: 'ok',
    }),
  );

export const outcome = (phy: Uint8Array, atUs: number, more: Partial<Outcome> = {}): Any =>
  any(
    outcomeRecord({
      frame: frameId(phy),
      atUs,
      result: 'accepted',
      devEui,
      devAddr,
      bay,
      fPort: 2,
      gateways: [{ gateway, rssiDbm: -97, snrDb: 8.5 }],
      events: 1,
      ...more,
    }),
  );

/** A join's outcome has no DevAddr unless it was accepted, and no port. */
export const joinOutcome = (devNonce: number, atUs: number, more: Partial<Outcome>): Any => {
  const {
    fPort: _,
    devAddr: __,
    ...body
  } = outcome(joinPhy(devNonce), atUs, { events: 0, ...more }).body as Record<string, unknown>;
  return {
    us: atUs,
    source: 'ladder',
    kind: 'outcome',
    body: { ...body, ...('devAddr' in more && { devAddr: more.devAddr }) },
  };
};

export const downlinkId = (n: number): string => n.toString(16).padStart(16, 'd');
export const downlink = (n: number, atUs: number, more: Partial<DownlinkOutcome> = {}): Any =>
  any(
    downlinkRecord({
      frame: downlinkId(n),
      atUs,
      devEui,
      carries: 'acknowledgement',
      result: 'sent',
      attempts: [{ gateway, window: 'rx1', freqHz: 868_100_000, dataRate: 'SF7BW125', verdict: 'ok' }],
      ...more,
    }),
  );

export const step = (state: QueueStep['state'], atUs: number, more: Partial<QueueStep> = {}): Any =>
  any(queueStepRecord({ id: 'cmd-1', devEui, atUs, state, fPort: 15, confirmed: false, ...more }));
export const fate = (n: number, atUs: number, result: string): Any =>
  any(fateRecord({ id: downlinkId(n), gateway, startUs: atUs, endUs: atUs + 60_000, bay, result }));
export const note = (what: string, atUs: number, untilUs?: number): Any =>
  any(noteRecord({ bay, devEui, atUs, what, ...(untilUs !== undefined && { untilUs }) }));
export const around = (what: Around): Any => any(aroundRecord(what));

/** Records of every kind about a few frames, so that they meet. */
export const anyLifeRecord: fc.Arbitrary<Any> = fc.oneof(
  ...(() => {
    const at = fc.integer({ min: 0, max: 60 }).map((n) => t0 + n * s);
    const n = fc.integer({ min: 0, max: 4 });
    const phy = fc.oneof(
      n.map((i) => dataPhy(i)),
      n.map(joinPhy),
    );
    const reason = fc.constantFrom('mic-mismatch', 'retransmission', 'replay', 'unknown-dev-addr', undefined);
    return [
      fc
        .tuple(phy, at, fc.constantFrom('too-weak', 'collision', undefined), fc.nat(2))
        .map(([p, us, lost, heardBy]) => sent(p, us, { heardBy, ...(lost !== undefined && { lost }) })),
      fc.tuple(phy, at).map(([p, us]) => heard(p, us)),
      fc
        .tuple(phy, at, fc.constantFrom('accepted' as const, 'joined' as const, 'refused' as const), reason)
        .map(([p, us, result, why]) => outcome(p, us, { result, ...(why !== undefined && { why: why as 'replay' }) })),
      fc
        .tuple(
          n,
          at,
          fc.constantFrom('sent' as const, 'failed' as const),
          fc.constantFrom(...downlinkLosses),
          phy,
          fc.boolean(),
        )
        .map(([i, us, result, why, p, answers]) =>
          downlink(i, us, {
            result,
            ...(result === 'failed' && { why }),
            ...(answers && { answers: frameId(p) }),
            carries: 'join-accept',
            devAddr,
          }),
        ),
      fc
        .tuple(n, at, fc.constantFrom('received', 'not-listening', 'too-weak'))
        .map(([i, us, result]) => fate(i, us, result)),
      fc
        .tuple(
          n,
          at,
          fc.constantFrom('queued' as const, 'sent' as const, 'acknowledged' as const, 'failed' as const),
          fc.boolean(),
        )
        .map(([i, us, state, framed]) => step(state, us, { id: `cmd-${i}`, ...(framed && { frame: downlinkId(i) }) })),
      fc
        .tuple(at, fc.constantFrom('waits-duty-cycle', 'given-up', 'not-joined', 'dropped-restart'))
        .map(([us, what]) => note(what, us)),
      fc
        .tuple(phy, at)
        .map(([p, atUs]) => around({ kind: 'late-copy', atUs, frame: frameId(p), gateway, rssiDbm: -100 })),
      fc
        .tuple(phy, at, fc.constantFrom('delivered' as const, 'dropped' as const))
        .map(([p, atUs, result]) =>
          around({ kind: 'delivery', atUs, sink: 'mqtt://broker', frame: frameId(p), result }),
        ),
      at.map((atUs) => around({ kind: 'gateway', atUs, gateway, state: 'offline' })),
      at.map((atUs) => around({ kind: 'sink', atUs, sink: 'mqtt://broker', connected: false })),
    ];
  })(),
);
