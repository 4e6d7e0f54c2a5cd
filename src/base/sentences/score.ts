/** What can be wrong with a truth, a view of it, and their score. */
export const score = {
  'score-bad-view': {
    text: '{file}:{line}: this says nothing of a bay: {why}',
    hint: 'Expected are events of ours as JSON lines, or CSV with the columns time, bay and state.',
  },
  'score-no-truth': {
    text: '{file} holds no truth: it names no bay',
    hint: 'Write it with stellwerk simulate ... --truth FILE.',
  },
  'score-beyond': { text: 'the score is not good enough: {limits}' },
} as const;
