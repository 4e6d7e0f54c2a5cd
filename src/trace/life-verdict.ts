import { ends, reasons, type ReasonGroup, type ReasonWords } from '../base/sentences/reasons.js';
import type { DownlinkOutcome, Outcome, Refusal } from '../ladder/outcome.js';
import type { Fact } from './life-facts.js';

/** The rooms that a frame goes through; where it ended is one of them. */
export type Stage =
  'device' | 'air' | 'gateway' | 'server' | 'session' | 'mic' | 'counter' | 'codec' | 'sink' | 'queue' | 'downlink';

/** Where a life ended: `open` as far as the records tell. */
export interface Verdict {
  readonly result: 'arrived' | 'lost' | 'open';
  readonly stage: Stage;
  /** The reason's word, when there is one. */
  readonly why?: string;
  /** A part of a sentence. */
  readonly text: string;
  /** Whole sentences: what a person can do. */
  readonly next?: string;
}

/** The words of a reason; for a reason of another version of this program, the reason itself. */
export const reasonOf = (group: ReasonGroup, why: string): { readonly text: string; readonly next?: string } => {
  const known: Readonly<Record<string, ReasonWords>> = reasons[group];
  return Object.hasOwn(known, why) ? known[why]! : { text: why };
};

/** The rung of the ladder where a frame with this refusal ended. */
export const stageOf: Readonly<Record<Refusal, Stage>> = {
  'crc-bad': 'gateway',
  'not-lorawan': 'server',
  'frame-too-short': 'server',
  'frame-bad-length': 'server',
  'unsupported-major': 'server',
  'unsupported-type': 'server',
  'unknown-device': 'session',
  'join-eui-mismatch': 'session',
  'unknown-dev-addr': 'session',
  'mic-mismatch': 'mic',
  'dev-nonce-used': 'counter',
  'join-flood': 'counter',
  'counter-jump': 'counter',
  replay: 'counter',
  retransmission: 'counter',
  'not-stored': 'counter',
  'unknown-port': 'codec',
  'bad-payload': 'codec',
};

const lost = (stage: Stage, group: ReasonGroup, why: string): Verdict => ({
  result: 'lost',
  stage,
  why,
  ...reasonOf(group, why),
});
const at = (result: Verdict['result'], stage: Stage, text: string): Verdict => ({ result, stage, text });

type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;
/** The facts of one kind, in their order. */
export const only = <K extends Fact['kind']>(facts: readonly Fact[], kind: K): readonly FactOf<K>[] =>
  facts.filter((fact): fact is FactOf<K> => fact.kind === kind);

/** A downlink that answers an uplink, and where it ended. */
export interface Answer {
  readonly downlink: DownlinkOutcome;
  readonly verdict: Verdict;
}

/** Where an uplink ended. `used`: whether its device spoke under the DevAddr that this join gave it. */
export const uplinkVerdict = (
  facts: readonly Fact[],
  { answers, used }: { readonly answers: readonly Answer[]; readonly used: boolean },
): Verdict => {
  const outcomes = only(facts, 'outcome').map(({ outcome }) => outcome);
  const good = outcomes.find(({ result }) => result !== 'refused');
  if (good) return good.result === 'joined' ? joinVerdict(answers, used) : acceptedVerdict(facts, good, answers);
  const bad = outcomes.findLast(({ why }) => why !== 'retransmission');
  if (bad) return bad.why ? lost(stageOf[bad.why], 'refusal', bad.why) : at('lost', 'server', ends.refused);
  if (outcomes.length > 0) return at('arrived', 'counter', ends.again);
  if (answers.length > 0) return at('arrived', 'server', ends.answered);
  const sent = only(facts, 'sent').map((fact) => fact.sent);
  if (only(facts, 'heard').length > 0 || sent.some(({ heardBy }) => heardBy > 0) || sent.length === 0)
    return at('open', 'gateway', ends.heardOnly);
  const word = sent.findLast((one) => one.lost !== undefined)?.lost;
  return word === undefined ? at('open', 'air', ends.sentOnly) : lost('air', 'loss', word);
};

const joinVerdict = (answers: readonly Answer[], used: boolean): Verdict => {
  if (used) return at('arrived', 'session', ends.joinedAndUsed);
  if (answers.length === 0) return at('arrived', 'session', ends.joined);
  const open = answers.find(({ verdict }) => verdict.result === 'open');
  if (answers.some(({ verdict }) => verdict.result === 'arrived')) return at('arrived', 'session', ends.joined);
  return open ? at('open', 'downlink', ends.acceptSent) : answers.at(-1)!.verdict;
};

const acceptedVerdict = (facts: readonly Fact[], good: Outcome, answers: readonly Answer[]): Verdict => {
  const deliveries = only(facts, 'around').flatMap(({ around }) => (around.kind === 'delivery' ? [around] : []));
  if (deliveries.some(({ result }) => result === 'dropped') && !deliveries.some(({ result }) => result === 'delivered'))
    return at('lost', 'sink', ends.dropped);
  const stage: Stage = good.events > 0 ? 'sink' : 'codec';
  const last = answers.at(-1);
  if (last?.verdict.result !== 'lost' || answers.some(({ verdict }) => verdict.result !== 'lost'))
    return at('arrived', stage, ends.accepted);
  const { stage: where, text, next } = last.verdict;
  const said = `${ends.accepted}; ${where === 'air' ? ends.answerUnheard : ends.noAnswer}: ${text}`;
  return { ...at('arrived', stage, said), ...(next !== undefined && { next }) };
};

/** Where a downlink frame ended. `used`: whether the device spoke in a way that it could only after this frame. */
export const downlinkVerdict = (facts: readonly Fact[], used: boolean): Verdict => {
  const fates = only(facts, 'fate').map(({ fate }) => fate);
  const outcomes = only(facts, 'downlink').map(({ downlink }) => downlink);
  const steps = only(facts, 'step').map(({ step }) => step);
  if (fates.some(({ result }) => result === 'received')) return at('arrived', 'device', ends.received);
  if (steps.some(({ state }) => state === 'acknowledged')) return at('arrived', 'device', ends.acknowledged);
  if (used) return at('arrived', 'device', ends.used);
  const fate = fates.at(-1);
  if (fate) return lost('air', 'fate', fate.result);
  const failed = outcomes.findLast(({ result }) => result === 'failed');
  if (failed && !outcomes.some(({ result }) => result === 'sent'))
    return lost('downlink', 'downlinkLoss', failed.why ?? 'no-answer');
  const given = steps.findLast(({ state }) => state === 'failed');
  if (given) return lost('queue', 'failure', given.why ?? 'not-sent');
  return at('open', 'gateway', ends.left);
};

/** Where a queued downlink ended; `carried` are the verdicts of the frames that carried it. */
export const requestVerdict = (facts: readonly Fact[], carried: readonly Verdict[]): Verdict => {
  const steps = only(facts, 'step').map(({ step }) => step);
  if (steps.some(({ state }) => state === 'acknowledged')) return at('arrived', 'device', ends.acknowledged);
  const failed = steps.findLast(({ state }) => state === 'failed');
  if (failed) return lost('queue', 'failure', failed.why ?? 'not-sent');
  const arrived = carried.find(({ result }) => result === 'arrived');
  if (arrived) return arrived;
  const confirmed = steps.some((step) => step.confirmed);
  const last = carried.at(-1);
  if (last && (last.stage === 'air' || last.result === 'open') && !confirmed) return last;
  if (steps.some(({ state }) => state === 'sent')) return at('open', 'downlink', ends.carried);
  return at('open', 'queue', ends.queued);
};

/** Whether a message only waits: it will be a frame. */
export const isWaiting = (what: string): boolean => what.startsWith('waits-') || what === 'not-joined';

/** Where a message ended that never became a frame. */
export const noteVerdict = (what: string): Verdict => ({
  ...lost('device', 'note', what),
  result: isWaiting(what) ? 'open' : 'lost',
});
