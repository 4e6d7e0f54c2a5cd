import { labels } from '../base/sentences/labels.js';

/** The sums of a run as `src/city` keeps them: `sent` is the sum of all the rest. */
export interface LedgerFigures {
  readonly sent: number;
  /** Heard by at least one gateway. */
  readonly heard: number;
  readonly accepted: number;
  readonly joined: number;
  /** Refused by the network, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Heard by no gateway, by reason. */
  readonly lost: Readonly<Record<string, number>>;
  /** Heard, and still without an outcome. */
  readonly open: number;
  readonly balanced: boolean;
}

const sum = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((a, b) => a + b, 0);

/** `refused 3 (replay 2, mic-mismatch 1)`: a total with its reasons, the most frequent first. */
export const reasonsText = (what: string, reasons: Readonly<Record<string, number>>): string => {
  const parts = Object.entries(reasons)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([why, count]) => `${why} ${count}`);
  return `${what} ${sum(reasons)}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
};

/** `sent 132 = accepted 61 + joined 63 + ...`: the equation that a run must satisfy. */
export const ledgerText = (ledger: LedgerFigures): string =>
  `${labels.sent} ${ledger.sent} = ` +
  [
    `${labels.accepted} ${ledger.accepted}`,
    `${labels.joined} ${ledger.joined}`,
    reasonsText(labels.refused, ledger.refused),
    reasonsText(labels.lost, ledger.lost),
    ...(ledger.open > 0 ? [`${labels.open} ${ledger.open}`] : []),
  ].join(' + ');

/** What became of the answers that devices waited for. */
export interface AnswerFigures {
  /** Joins and confirmed uplinks, one for each transmission. */
  readonly expected: number;
  readonly received: number;
  /** Why the others did not arrive: the uplink was lost or refused, the downlink could not leave or was lost. */
  readonly missing: Readonly<Record<string, number>>;
  /** Still on their way. */
  readonly open: number;
}

/** `answers expected 80 = received 76 + missing 4 (collision 3, gateway-duty-cycle 1)`. */
export const answersText = ({ expected, received, missing, open }: AnswerFigures): string =>
  `${labels.answers} ${expected} = ${labels.received} ${received} + ${reasonsText(labels.missing, missing)}` +
  (open > 0 ? ` + ${labels.open} ${open}` : '');
