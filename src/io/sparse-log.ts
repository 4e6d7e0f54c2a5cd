import type { Log } from '../base/log.js';
import type { Problem } from '../base/problem.js';

const mostKinds = 1000;

/**
 * A log for what strangers can cause as often as they like: of each event and kind the 1st, 10th, 100th and so on is
 * said, with the `count` so far.
 */
export const sparseLog = (
  log: Log,
): ((event: string, kind: string, fields?: Readonly<Record<string, unknown>>) => void) => {
  const counts = new Map<string, number>();
  return (event, kind, fields) => {
    const known = `${event} ${kind}`;
    // More kinds than we can have words for: the rest share one count.
    const key = counts.has(known) || counts.size < mostKinds ? known : 'other';
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (/^10*$/.test(String(count))) log(event, { ...fields, why: kind, count });
  };
};

/** The facts of a problem as fields of a log line whose `why` is the problem's code; a fact `why` is called `detail`. */
export const factFields = ({ facts }: Problem): Readonly<Record<string, unknown>> => {
  const { why, ...rest } = facts;
  return why === undefined ? rest : { ...rest, detail: why };
};
