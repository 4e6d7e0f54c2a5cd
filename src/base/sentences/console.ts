/** What boards and their consoles say and do not say. */
export const consoleSentences = {
  'console-value': { text: '{text} is no value for this command: expected is {form}' },
  'console-values': { text: '{have} values were given, the command takes {most} at most' },
  'console-no-value': {
    text: 'the board answered without a value for {word}',
    hint: 'Its firmware may be older than this command: look at the lines with stellwerk board console.',
  },
  'board-refused': { text: 'the board refuses {command}: {code} ({why})' },
  'board-silent': {
    text: 'no answer to {command} within {ms} ms',
    hint: 'Check the cable, the speed and the power: stellwerk doctor PORT looks at all of them.',
  },
  'board-restarted': {
    text: 'the board restarted in the middle of {command}',
    hint: 'A weak cable or USB port makes boards restart when they transmit: try another one.',
  },
  'board-floods': {
    text: 'the board answers {command} without an end: {lines} lines',
    hint: 'Reset it, or look at what it says with stellwerk board console.',
  },
  'port-lost': {
    text: 'the port vanished in the middle of {doing}',
    hint: 'Plug the cable in again and repeat the command.',
  },
} as const;
