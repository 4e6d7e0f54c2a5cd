import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { AnswerFigures } from '../report/ledger.js';
import type { DownlinkFate, SentFrame } from '../sim/run-types.js';

/** Joins the stories of both sides: none is missing without a reason, or `open` says so. */
export interface AnswerBook {
  sent(frame: SentFrame): void;
  outcome(outcome: Outcome): void;
  descent(descent: DownlinkOutcome): void;
  fate(fate: DownlinkFate): void;
  read(): AnswerFigures;
}

const add = (to: Record<string, number>, name: string): void => void (to[name] = (to[name] ?? 0) + 1);
const total = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((a, b) => a + b, 0);

/** Join requests and confirmed data, by their MHDR. */
const expects = (phy: Uint8Array): boolean => [0b000, 0b100].includes(phy[0]! >> 5);
/** Refusals of frames that are acknowledged all the same: their device is known and their counter is right. */
const answered: readonly Outcome['why'][] = ['retransmission', 'unknown-port', 'bad-payload'];

export const answerBook = (): AnswerBook => {
  // A repeated frame has the same id as its first transmission, so ids are counted.
  const waiting = new Map<string, number>();
  const onAir = new Set<string>();
  const missing: Record<string, number> = {};
  let expected = 0;
  let received = 0;

  const take = (id: string | undefined): boolean => {
    const left = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || left === undefined) return false;
    if (left > 1) waiting.set(id, left - 1);
    else waiting.delete(id);
    return true;
  };

  return {
    sent(frame) {
      if (!expects(frame.phy)) return;
      expected++;
      if (frame.lost) return add(missing, frame.lost);
      waiting.set(frame.id, (waiting.get(frame.id) ?? 0) + 1);
    },
    outcome({ frame, result, why }) {
      if (result === 'refused' && !answered.includes(why) && take(frame)) add(missing, why ?? 'unknown');
    },
    descent({ frame, answers, result, why }) {
      if (!take(answers)) return;
      if (result === 'failed') return add(missing, why ?? 'unknown');
      onAir.add(frame);
    },
    fate({ id, result }) {
      if (!onAir.delete(id)) return;
      if (result === 'received') received++;
      else add(missing, `downlink-${result}`);
    },
    read: () => ({ expected, received, missing: { ...missing }, open: expected - received - total(missing) }),
  };
};
