import { problem, type Problem } from '../base/problem.js';
import { hourMs, isoFromUs, spanText, usPerMs } from '../base/time.js';
import type { Case } from './life-diagnosis.js';
import { mostOf, tally } from './life-tally.js';
import { only, type Verdict } from './life-verdict.js';
import type { Life } from './life.js';

/** The last one; undefined of an empty list. */
export const last = <T>(list: readonly T[]): T | undefined => list.at(-1);

/** How many of the last uplinks tell how a device does now. */
const recent = 20;
/** Of fewer frames than this nobody can say how many are missed. */
const leastSpan = 8;
const missedShare = 0.25;
/** A parking sensor says once a day that it is there; between two cars it has nothing to say. */
const leastSilenceUs = 26 * hourMs * usPerMs;

/** What may still be the matter with a device whose newest uplink arrived, the worst first. */
export const afterArrival = (about: Case, uplinks: readonly Life[]): readonly Problem[] =>
  [sinkWaits, answersFail, downlinksFail, silent, misses].flatMap((look) => look(about, uplinks.slice(-recent)) ?? []);

type Look = (about: Case, uplinks: readonly Life[]) => Problem | undefined;

const sinkWaits: Look = ({ who, around }, uplinks) => {
  if (!uplinks.some(({ verdict }) => verdict.stage === 'sink')) return undefined;
  const states = only(around, 'around').flatMap(({ around: one }) => (one.kind === 'sink' ? [one] : []));
  const down = [...new Map(states.map((one) => [one.sink, one])).values()].find(({ connected }) => !connected);
  return down && problem('why-sink-waits', { who, sink: down.sink });
};

const answersFail: Look = ({ who, lives }, uplinks) => {
  const verdicts = new Map(lives.flatMap((life) => (life.kind === 'downlink' ? [[life.id, life.verdict]] : [])));
  const answered = uplinks.filter(({ frames }) => frames.length > 0);
  const failed = answered.flatMap(({ frames }): readonly Verdict[] => {
    const ends = frames.flatMap((id) => verdicts.get(id) ?? []);
    return ends.length > 0 && ends.every(({ result }) => result === 'lost') ? [ends.at(-1)!] : [];
  });
  // One lost answer in many is what radio is like.
  const most = failed.length > 1 && failed.length * 4 >= answered.length ? mostOf(failed) : undefined;
  if (most)
    return problem('why-answers-fail', { who, reasons: tally(failed.map(({ why }) => why)), next: most.next ?? '' });
  const count = uplinks.reduce(
    (sum, { facts }) => sum + only(facts, 'outcome').filter(({ outcome }) => outcome.why === 'retransmission').length,
    0,
  );
  return count > 1 && count * 4 >= uplinks.length ? problem('why-repeats', { who, count }) : undefined;
};

const downlinksFail: Look = ({ who, lives }) => {
  const requests = lives.filter(({ kind }) => kind === 'request');
  if (last(requests)?.verdict.result !== 'lost') return undefined;
  const failed = requests.flatMap(({ verdict }) => (verdict.result === 'lost' ? [verdict] : []));
  return problem('why-downlinks-fail', {
    who,
    reasons: tally(failed.map(({ why }) => why)),
    next: last(failed)?.next ?? '',
  });
};

const silent: Look = ({ who, nowUs, everyUs }, uplinks) => {
  const newest = last(uplinks);
  if (nowUs === undefined || !newest) return undefined;
  const pauses = uplinks.slice(1).map(({ atUs }, i) => atUs - uplinks[i]!.atUs);
  const pause = everyUs ?? Math.max(0, ...pauses);
  const silence = nowUs - newest.atUs;
  if (silence < Math.max(2 * pause, everyUs === undefined ? leastSilenceUs : 0)) return undefined;
  return problem('why-silent', { who, silence: spanText(silence / usPerMs), pause: spanText(pause / usPerMs) });
};

/** Counters that are missing between those that came: frames that no gateway heard. */
const misses: Look = ({ who }, uplinks) => {
  const session = last(uplinks)?.devAddr;
  const mine = uplinks.filter(
    ({ devAddr, carries, fCnt, verdict }) =>
      devAddr === session && carries === 'data' && fCnt !== undefined && verdict.result === 'arrived',
  );
  const counters = [...new Set(mine.map(({ fCnt }) => fCnt!))].sort((a, b) => a - b);
  const span = (counters.at(-1) ?? 0) - (counters[0] ?? 0) + 1;
  const missed = span - counters.length;
  if (span < leastSpan || missed < span * missedShare) return undefined;
  const best = mine.flatMap(({ facts }) => only(facts, 'outcome').at(-1)?.outcome.gateways[0] ?? []).at(-1);
  const signal = best ? `${best.rssiDbm} dBm${best.snrDb === undefined ? '' : `, SNR ${best.snrDb}`}` : 'not known';
  return problem('why-misses', { who, missed, span, signal });
};

/** The gateway that heard the device last and is gone, and gateways that speak and may not. */
export const gatewaysAround = ({ around }: Case, uplinks: readonly Life[]): readonly Problem[] => {
  const facts = only(around, 'around').map((fact) => fact.around);
  const heard = last(uplinks.flatMap((life) => only(life.facts, 'outcome')))?.outcome.gateways[0]?.gateway;
  const states = facts.flatMap((one) => (one.kind === 'gateway' && one.gateway === heard ? [one] : []));
  const newest = last(states);
  const gone =
    newest?.state === 'offline'
      ? [
          problem('why-gateway-offline', {
            gateway: newest.gateway,
            since: `${isoFromUs(newest.atUs).slice(0, 19).replace('T', ' ')} UTC`,
          }),
        ]
      : [];
  const strange = facts.flatMap((one) =>
    one.kind === 'refused' && one.why === 'not-allowed' && one.gateway !== undefined
      ? [problem('why-gateway-strange', { gateway: one.gateway, count: one.count })]
      : [],
  );
  return [...gone, ...strange.slice(-3)];
};
