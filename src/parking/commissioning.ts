// Whether each sensor lies in the bay that is said of it. Two bays that exchange their states look like two ordinary bays:
// no reading betrays them, only somebody who parks on one after the other and looks which of them becomes occupied.
import type { Us } from '../base/time.js';

/** How a bay has answered. */
export type BayVerdict =
  /** It changed when somebody parked on it. */
  | { readonly verdict: 'right'; readonly afterUs: Us }
  /** Its sensor lies in another bay, and that one's lies here. */
  | { readonly verdict: 'swapped'; readonly with: string }
  /** The sensor of another bay lies here, and its own elsewhere. */
  | { readonly verdict: 'crossed'; readonly with: string }
  /** Others changed and it did not: a sensor in the wrong place, or only somebody else who parked just then. */
  | { readonly verdict: 'doubtful'; readonly with: readonly string[] }
  /** Nothing changed. */
  | { readonly verdict: 'silent' };

export interface BayCheck {
  readonly bay: string;
  readonly answer: BayVerdict;
}

/** A walk along bays: somebody parks on one after the other, in this order. */
export interface Walk {
  /** The bay that is to be parked on now; undefined at the end. */
  readonly at: string | undefined;
  /**
   * A bay became occupied: that is what parking does; a bay that becomes free was left. What it means for the bay that is
   * parked on: its answer, that of another bay, or nothing.
   */
  occupied(bay: string, atUs: Us): 'right' | 'other' | undefined;
  /** Goes on to the next bay; whoever waits from `nowUs` on has parked there. */
  next(nowUs: Us): void;
  /** What is known so far, in the order of the walk. */
  checks(): readonly BayCheck[];
}

interface Step {
  readonly bay: string;
  sinceUs: Us;
  rightUs: Us | undefined;
  readonly others: Set<string>;
}

/** Begins a walk; names that come twice count once. */
export const walkAlong = (bays: readonly string[], nowUs: Us): Walk => {
  const steps = [...new Set(bays)].map((bay): Step => ({ bay, sinceUs: nowUs, rightUs: undefined, others: new Set() }));
  const byBay = new Map(steps.map((step) => [step.bay, step]));
  let place = 0;

  /** The only bay that changed in place of this one. */
  const insteadOf = ({ rightUs, others }: Step): string | undefined =>
    rightUs === undefined && others.size === 1 ? [...others][0] : undefined;

  const answerOf = (step: Step): BayVerdict => {
    if (step.rightUs !== undefined) return { verdict: 'right', afterUs: step.rightUs - step.sinceUs };
    if (step.others.size === 0) return { verdict: 'silent' };
    const other = insteadOf(step);
    const theirs = other === undefined ? undefined : byBay.get(other);
    // Whose own bay has answered lies where it belongs: it changed for another reason.
    const instead = theirs && insteadOf(theirs);
    if (other === undefined || instead === undefined) return { verdict: 'doubtful', with: [...step.others].sort() };
    return instead === step.bay ? { verdict: 'swapped', with: other } : { verdict: 'crossed', with: other };
  };

  return {
    get at() {
      return steps[place]?.bay;
    },
    occupied(bay, atUs) {
      const step = steps[place];
      if (!step || atUs < step.sinceUs) return undefined;
      if (bay === step.bay) {
        step.rightUs ??= atUs;
        return 'right';
      }
      step.others.add(bay);
      return 'other';
    },
    next(nowUs) {
      if (place < steps.length) place++;
      const step = steps[place];
      if (step) step.sinceUs = nowUs;
    },
    checks: () => steps.map((step) => ({ bay: step.bay, answer: answerOf(step) })),
  };
};
