import type { Outcome } from '../ladder/outcome.js';
import type { LedgerFigures } from '../report/ledger.js';
import type { SentFrame } from '../sim/run-types.js';

/** Where every frame that was sent has gone: `sent` is the sum of all the rest, and `open` waits for its outcome. */
export interface Ledger extends LedgerFigures {
  /** Outcomes of frames that we did not send: somebody else talks to our gateway. */
  readonly strangers: number;
}

/** Joins both sides' stories by the frame's id: the simulation says what it sent, the network what became of it. */
export interface LedgerBook {
  sent(frame: SentFrame): void;
  outcome(outcome: Outcome): void;
  read(): Ledger;
}

const add = (to: Record<string, number>, name: string): void => void (to[name] = (to[name] ?? 0) + 1);
const total = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((a, b) => a + b, 0);

export const ledger = (): LedgerBook => {
  // A repeated frame has the same id as its first transmission, so ids are counted.
  const waiting = new Map<string, number>();
  const refused: Record<string, number> = {};
  const lost: Record<string, number> = {};
  let sent = 0;
  let heard = 0;
  let accepted = 0;
  let joined = 0;
  let strangers = 0;

  return {
    sent(frame) {
      sent++;
      if (frame.lost) return add(lost, frame.lost);
      heard++;
      waiting.set(frame.id, (waiting.get(frame.id) ?? 0) + 1);
    },
    outcome({ frame, result, why }) {
      const copies = waiting.get(frame);
      if (copies === undefined) return void strangers++;
      if (copies > 1) waiting.set(frame, copies - 1);
      else waiting.delete(frame);
      if (result === 'accepted') accepted++;
      else if (result === 'joined') joined++;
      else add(refused, why ?? 'unknown');
    },
    read() {
      const open = [...waiting.values()].reduce((a, b) => a + b, 0);
      const balanced = sent === accepted + joined + total(refused) + total(lost) + open;
      return { sent, heard, accepted, joined, refused: { ...refused }, lost: { ...lost }, open, strangers, balanced };
    },
  };
};
