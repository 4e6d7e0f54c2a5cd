import type { Us } from '../base/time.js';
import type { DownlinkOutcome } from '../ladder/outcome.js';
import type { Eui } from '../lorawan/ids.js';
import type { Fact } from './life-facts.js';
import { factUs, inOrder, isDownlink, placeNotes, put, sortOut } from './life-sorted.js';
import { allSteps, stepsOf, type Step } from './life-steps.js';
import { downlinkVerdict, noteVerdict, only, requestVerdict, uplinkVerdict } from './life-verdict.js';
import type { Verdict } from './life-verdict.js';
import { addressesSpoken, identities, together, type Whose } from './life-who.js';
import type { TraceRecord } from './record.js';

/** The life of a frame, of a queued downlink, or of a message that became no frame. */
export interface Life {
  readonly kind: 'uplink' | 'downlink' | 'request' | 'message';
  /** The frame's id; the queued downlink's id; the bay of a message. */
  readonly id: string;
  /** When it began, as far as is known. */
  readonly atUs: Us;
  readonly carries: 'join' | 'data' | 'other' | DownlinkOutcome['carries'];
  readonly devEui?: Eui;
  readonly devAddr?: string;
  readonly bay?: string;
  readonly fCnt?: number;
  readonly fPort?: number;
  /** The uplink that it answers. */
  readonly answers?: string;
  /** Downlink frames that answered it, or that carried it. */
  readonly frames: readonly string[];
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  /** What its steps and its verdict were made of. */
  readonly facts: readonly Fact[];
}

/** Lives in the order of their beginning, and what was read for them. */
export interface Lives {
  readonly lives: readonly Life[];
  /** Facts that belong to no frame: gateways, sinks, refusals of a source. */
  readonly around: readonly Fact[];
  /** Records whose body was not what their kind says. */
  readonly unread: number;
}

/**
 * The lives in a stream of records, whatever their mixture, order and gaps: every frame that is named in one of them has
 * exactly one life with one verdict. A record that is not what its kind says is counted, never thrown.
 */
export const livesOf = (records: Iterable<TraceRecord>): Lives => {
  const sorted = sortOut(records);
  const alone = placeNotes(sorted);
  for (const [id, facts] of sorted.frames) sorted.frames.set(id, inOrder(facts));
  const whose = identities(sorted, alone);
  const spoken = addressesSpoken(sorted);
  const downlinks = new Map<string, Life>();
  const answersTo = new Map<string, Life[]>();
  const carriedBy = new Map<string, Life[]>();
  for (const [id, facts] of sorted.frames) {
    if (!isDownlink(facts)) continue;
    const life = downlinkLife(id, facts, { whose, spoken });
    downlinks.set(id, life);
    for (const { downlink } of only(facts, 'downlink')) {
      if (downlink.answers !== undefined) put(answersTo, downlink.answers, life);
      if (downlink.downlinkId !== undefined) put(carriedBy, `${downlink.devEui} ${downlink.downlinkId}`, life);
    }
  }
  const lives: Life[] = [...downlinks.values()];
  for (const [id, facts] of sorted.frames)
    if (!downlinks.has(id)) lives.push(uplinkLife(id, facts, { whose, spoken, answers: answersTo.get(id) ?? [] }));
  for (const [key, facts] of sorted.requests) {
    const carried = new Set(carriedBy.get(key));
    for (const { step } of only(facts, 'step')) {
      const frame = step.frame === undefined ? undefined : downlinks.get(step.frame);
      if (frame) carried.add(frame);
    }
    lives.push(requestLife(inOrder(facts), [...carried], whose));
  }
  for (const fact of alone) lives.push(messageLife(fact, whose));
  lives.sort((a, b) => a.atUs - b.atUs || (a.id < b.id ? -1 : 1));
  return { lives, around: inOrder(sorted.around), unread: sorted.unread };
};

const begin = (steps: readonly Step[], facts: readonly Fact[]): Us =>
  steps[0]?.atUs ?? (facts[0] ? factUs(facts[0]) : 0);

const numbers = (fCnt: number | undefined, fPort: number | undefined): Pick<Life, 'fCnt' | 'fPort'> => ({
  ...(fCnt !== undefined && { fCnt }),
  ...(fPort !== undefined && { fPort }),
});

const downlinkLife = (
  id: string,
  facts: readonly Fact[],
  { whose, spoken }: { readonly whose: Whose; readonly spoken: ReadonlyMap<string, Us> },
): Life => {
  const outcome = only(facts, 'downlink').at(-1)?.downlink;
  const who = whose(together(facts));
  const isAccept = outcome?.carries === 'join-accept';
  const used = isAccept && outcome.devAddr !== undefined && (spoken.get(outcome.devAddr) ?? -Infinity) > outcome.atUs;
  const steps = allSteps(facts);
  return {
    kind: 'downlink',
    id,
    atUs: begin(steps, facts),
    carries: outcome?.carries ?? (only(facts, 'step').length > 0 ? 'application' : 'other'),
    ...who,
    ...numbers(outcome?.fCnt, outcome?.fPort),
    ...(outcome?.answers !== undefined && { answers: outcome.answers }),
    frames: [],
    steps,
    verdict: downlinkVerdict(facts, used),
    facts,
  };
};

const uplinkLife = (
  id: string,
  facts: readonly Fact[],
  joined: { readonly whose: Whose; readonly spoken: ReadonlyMap<string, Us>; readonly answers: readonly Life[] },
): Life => {
  const { whose, spoken, answers } = joined;
  const beside = answers[0] && only(answers[0].facts, 'downlink')[0]?.downlink;
  const own = together(facts);
  const who = whose(own.devEui === undefined && beside ? { ...own, devEui: beside.devEui } : own);
  const outcome = only(facts, 'outcome').findLast(({ outcome: { result } }) => result !== 'refused')?.outcome;
  const some = outcome ?? only(facts, 'outcome').at(-1)?.outcome;
  const phy = only(facts, 'sent')[0]?.phy ?? only(facts, 'heard')[0]?.phy;
  const isJoin =
    phy?.what === 'join' || some?.result === 'joined' || (beside && beside.carries === 'join-accept') === true;
  const address = outcome?.result === 'joined' ? outcome.devAddr : undefined;
  const used = address !== undefined && (spoken.get(address) ?? -Infinity) > outcome!.atUs;
  const downlinks = answers.flatMap((life) =>
    only(life.facts, 'downlink').map(({ downlink }) => ({
      downlink,
      verdict: life.verdict,
      endUs: life.steps.at(-1)!.atUs,
    })),
  );
  const answered = downlinks.map(({ downlink, verdict, endUs }): Step => {
    const window = downlink.attempts.find((attempt) => attempt.verdict === 'ok')?.window;
    return {
      atUs: endUs,
      stage: 'downlink',
      what: verdict.why ?? (verdict.result === 'arrived' ? 'received' : downlink.result),
      ok: verdict.result !== 'lost',
      detail: `${downlink.carries}${window ? ` in ${window}` : ''}, frame ${downlink.frame}; ${verdict.text}`,
    };
  });
  const joinRefusal = some?.devAddr === undefined && some?.devEui !== undefined && some.result === 'refused';
  const steps = [...allSteps(facts), ...answered].sort((a, b) => a.atUs - b.atUs);
  return {
    kind: 'uplink',
    id,
    atUs: begin(steps, facts),
    carries: isJoin || joinRefusal ? 'join' : phy?.what === 'other' || (!phy && !some?.devAddr) ? 'other' : 'data',
    ...who,
    ...numbers(some?.fCnt ?? phy?.fCnt, some?.fPort ?? phy?.fPort),
    frames: answers.map((life) => life.id),
    steps,
    verdict: uplinkVerdict(facts, { answers: downlinks, used }),
    facts,
  };
};

const requestLife = (facts: readonly Fact[], carried: readonly Life[], whose: Whose): Life => {
  const steps = allSteps(facts);
  const { step } = only(facts, 'step').at(-1)!;
  const last = [...carried].sort((a, b) => a.atUs - b.atUs);
  return {
    kind: 'request',
    id: step.id,
    atUs: begin(steps, facts),
    carries: 'application',
    ...whose({ devEui: step.devEui }),
    ...numbers(step.fCnt, step.fPort),
    frames: last.map(({ id }) => id),
    steps,
    verdict: requestVerdict(
      facts,
      last.map(({ verdict }) => verdict),
    ),
    facts,
  };
};

const messageLife = (fact: Extract<Fact, { kind: 'note' }>, whose: Whose): Life => {
  const { bay, devEui, what, atUs } = fact.note;
  return {
    kind: 'message',
    id: bay,
    atUs,
    carries: 'data',
    ...whose({ bay, ...(devEui !== undefined && { devEui }) }),
    frames: [],
    steps: stepsOf(fact),
    verdict: noteVerdict(what),
    facts: [fact],
  };
};
