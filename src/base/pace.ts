// How often something may be said that others can cause as often as they like.
import type { Us } from './time.js';

export interface Pace {
  /** Lines at once. */
  readonly burst: number;
  /** And then one in this time. */
  readonly everyUs: Us;
}

/** What a line may say: how many were left out before it; undefined when it is left out itself. */
export type Turn = number | undefined;

/** Allows what its pace allows, and counts what it does not. */
export interface Pacer {
  may(atUs: Us): boolean;
  /** Uses a turn up; how many were left out before it. */
  take(): number;
  leaveOut(): void;
}

export const pacer = ({ burst, everyUs }: Pace): Pacer => {
  let debtUs = 0;
  let lastUs = -Infinity;
  let leftOut = 0;
  return {
    may(atUs) {
      debtUs = Math.max(0, debtUs - Math.max(0, atUs - lastUs));
      lastUs = Math.max(lastUs, atUs);
      return debtUs + everyUs <= burst * everyUs;
    },
    take() {
      debtUs += everyUs;
      const before = leftOut;
      leftOut = 0;
      return before;
    },
    leaveOut: () => void leftOut++,
  };
};

/** One pacer for each name; of more than `most` names the one that was quiet for longest is forgotten. */
export const pacers = (pace: Pace, most: number): ((name: string) => Pacer) => {
  const known = new Map<string, Pacer>();
  return (name) => {
    const one = known.get(name) ?? pacer(pace);
    known.delete(name);
    known.set(name, one);
    const [oldest] = known.size > most ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    return one;
  };
};

/** A turn that `own` must allow, and `common` as well, which then counts what was left out. */
export const turnOf = (atUs: Us, own: Pacer, common = own): Turn => {
  const free = own.may(atUs) && common.may(atUs);
  if (!free) {
    common.leaveOut();
    return undefined;
  }
  if (own !== common) own.take();
  return common.take();
};
