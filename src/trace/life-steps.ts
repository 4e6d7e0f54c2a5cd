import { usPerSecond, type Us } from '../base/time.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import { dataRateText, type DataRate } from '../lorawan/radio.js';
import type { Fact } from './life-facts.js';
import { isWaiting, only, reasonOf, stageOf, type Stage } from './life-verdict.js';

/** One thing that happened to a frame. */
export interface Step {
  readonly atUs: Us;
  readonly stage: Stage;
  /** A short stable word: `sent`, `heard`, a reason. */
  readonly what: string;
  readonly ok: boolean;
  /** Numbers and names; what a person wants to compare. */
  readonly detail?: string;
}

const mhz = (freqHz: number): string => `${freqHz / 1e6} MHz`;
const rate = (freqHz: number, dataRate: DataRate): string => `${mhz(freqHz)} ${dataRateText(dataRate)}`;
const signal = (rssiDbm: number, snrDb: number | undefined): string =>
  `${rssiDbm} dBm${snrDb === undefined ? '' : `, SNR ${snrDb}`}`;

const step = (atUs: Us, stage: Stage, said: { what: string; ok: boolean; detail?: string | undefined }): Step => ({
  atUs,
  stage,
  what: said.what,
  ok: said.ok,
  ...(said.detail !== undefined && said.detail !== '' && { detail: said.detail }),
});

/** Reasons are told in words when there are some. */
const words = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join('; ');

/** The way up: what one outcome of the ladder says of each rung, in the order of climbing. */
const rungs = (outcome: Outcome, heard: ReadonlySet<string>): readonly Step[] => {
  const { atUs, why, gateways, fCnt, fPort, devAddr, devEui, detail, events } = outcome;
  const steps: Step[] = [];
  const pass = (stage: Stage, what: string, said?: string): void =>
    void steps.push(step(atUs, stage, { what, ok: true, detail: said }));
  for (const { gateway, rssiDbm, snrDb } of gateways)
    if (!heard.has(gateway)) pass('gateway', 'heard', `${gateway} ${signal(rssiDbm, snrDb)}`);
  const isJoin = outcome.result === 'joined' || (devAddr === undefined && devEui !== undefined);
  const who = isJoin ? devEui : devAddr;
  const climbs: readonly (readonly [Stage, string, string | undefined])[] = [
    ['server', 'taken', gateways.length > 1 ? `${gateways.length} gateways, one frame` : undefined],
    ['session', 'found', who],
    ['mic', 'right', undefined],
    ['counter', 'fresh', isJoin ? 'DevNonce' : fCnt === undefined ? undefined : `FCnt ${fCnt}`],
  ];
  const end = outcome.result === 'refused' ? (why === undefined ? 'server' : stageOf[why]) : undefined;
  for (const [stage, what, said] of climbs) {
    if (stage === end || end === 'gateway') break;
    pass(stage, what, said);
  }
  if (end !== undefined) {
    const word = why ?? 'refused';
    const known = word === 'retransmission';
    steps.push(step(atUs, end, { what: word, ok: known, detail: words(reasonOf('refusal', word).text, detail) }));
  } else if (outcome.result === 'joined') pass('session', 'joined', devAddr);
  else {
    pass('codec', 'read', words(fPort === undefined ? undefined : `port ${fPort}`, detail));
    if (events > 0) pass('sink', 'handed-over', `${events} event${events === 1 ? '' : 's'}`);
  }
  return steps;
};

/** What one downlink's outcome says: every window that was tried, and how it ended. */
const attempts = (downlink: DownlinkOutcome): readonly Step[] => {
  const { atUs, carries, commands = [], fCnt, fPort, result, why } = downlink;
  const numbers = [fCnt === undefined ? '' : `FCnt ${fCnt}`, fPort === undefined ? '' : `port ${fPort}`];
  const made = step(atUs, 'server', {
    what: carries,
    ok: true,
    detail: words([...numbers, ...commands].filter((text) => text !== '').join(', ')),
  });
  const tried = downlink.attempts.map(({ gateway, window, freqHz, dataRate, verdict }) => {
    const way = `${gateway} ${window} ${mhz(freqHz)} ${dataRate}`;
    return verdict === 'ok'
      ? step(atUs, 'downlink', { what: 'sent', ok: true, detail: way })
      : step(atUs, 'downlink', { what: verdict, ok: false, detail: words(way, reasonOf('window', verdict).text) });
  });
  if (result === 'sent') return tried.some(({ ok }) => ok) ? [made, ...tried] : [made, ...tried, sentPlainly(atUs)];
  const word = why ?? 'no-answer';
  return [
    made,
    ...tried,
    step(atUs, 'downlink', { what: word, ok: false, detail: reasonOf('downlinkLoss', word).text }),
  ];
};

const sentPlainly = (atUs: Us): Step => step(atUs, 'downlink', { what: 'sent', ok: true });

const untilText = (atUs: Us, untilUs: Us | undefined): string | undefined =>
  untilUs === undefined ? undefined : `for ${((untilUs - atUs) / usPerSecond).toFixed(1)} s`;

/** The steps that one fact tells. `heard` are the gateways of which a hearing of their own is known. */
export const stepsOf = (fact: Fact, heard: ReadonlySet<string> = new Set()): readonly Step[] => {
  switch (fact.kind) {
    case 'sent': {
      const { startUs, endUs, freqHz, dataRate, lost, heardBy } = fact.sent;
      const sent = step(startUs, 'device', { what: 'sent', ok: true, detail: rate(freqHz, dataRate) });
      if (lost !== undefined)
        return [sent, step(endUs, 'air', { what: lost, ok: false, detail: reasonOf('loss', lost).text })];
      const by = `by ${heardBy} gateway${heardBy === 1 ? '' : 's'}`;
      return heardBy > 0 ? [sent, step(endUs, 'air', { what: 'heard', ok: true, detail: by })] : [sent];
    }
    case 'heard': {
      const { atUs, gateway, rssiDbm, snrDb, crc, freqHz, dataRate } = fact.rx;
      const bad = crc === 'bad' ? 'checksum wrong' : undefined;
      const detail = words(`${gateway} ${signal(rssiDbm, snrDb)}, ${rate(freqHz, dataRate)}`, bad);
      return [step(atUs, 'gateway', { what: 'heard', ok: !bad, detail })];
    }
    case 'outcome':
      return rungs(fact.outcome, heard);
    case 'downlink':
      return attempts(fact.downlink);
    case 'step': {
      const { atUs, state, why, confirmed, fPort } = fact.step;
      if (state === 'failed')
        return [
          step(atUs, 'queue', { what: why ?? 'failed', ok: false, detail: why && reasonOf('failure', why).text }),
        ];
      const stage: Stage = state === 'queued' ? 'queue' : state === 'sent' ? 'downlink' : 'device';
      return [
        step(atUs, stage, { what: state, ok: true, detail: `port ${fPort}${confirmed ? ', to be acknowledged' : ''}` }),
      ];
    }
    case 'fate': {
      const { endUs, result, gateway } = fact.fate;
      const got = result === 'received';
      return [
        step(endUs, got ? 'device' : 'air', {
          what: result,
          ok: got,
          detail: words(`from ${gateway}`, got ? undefined : reasonOf('fate', result).text),
        }),
      ];
    }
    case 'note': {
      const { atUs, what, untilUs } = fact.note;
      const detail = words(reasonOf('note', what).text, untilText(atUs, untilUs));
      return [step(atUs, 'device', { what, ok: isWaiting(what), detail })];
    }
    case 'around': {
      const { around } = fact;
      if (around.kind === 'delivery')
        return [
          step(around.atUs, 'sink', { what: around.result, ok: around.result === 'delivered', detail: around.sink }),
        ];
      if (around.kind !== 'late-copy') return [];
      const { atUs, gateway, rssiDbm, snrDb } = around;
      return [step(atUs, 'gateway', { what: 'late-copy', ok: true, detail: `${gateway} ${signal(rssiDbm, snrDb)}` })];
    }
  }
};

/** All steps of a life in the order of time; what happened at one instant stays in the order of climbing. */
export const allSteps = (facts: readonly Fact[]): readonly Step[] => {
  const heard = new Set(only(facts, 'heard').map(({ rx }) => rx.gateway));
  return facts.flatMap((fact) => stepsOf(fact, heard)).sort((a, b) => a.atUs - b.atUs);
};
