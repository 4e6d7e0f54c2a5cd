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
  'console-silent': {
    text: 'nothing answers at {bauds} baud',
    hint: 'Is the board powered, and is it this port? An ESP32 board says who it is when it starts: add --reset pulse. In a mode for data or asleep it hears and says nothing: stellwerk board rescue PORT --console NAME brings it back. stellwerk doctor PORT looks for the usual causes.',
  },
  'console-noise': {
    text: 'bytes come that are no text at {bauds} baud',
    hint: 'Its speed is another one: stellwerk doctor PORT rates them; then name it with --baud.',
  },
  'console-unknown': {
    text: 'something answers, in no language that is known: {line}',
    hint: 'Look at it with stellwerk board console PORT; stellwerk ls consoles shows the languages that are known.',
  },
  'board-cannot': { text: '{console} cannot do that: {why}' },
  'board-not-joined': {
    text: 'the board did not join: {why}',
    hint: 'Is it registered at the server with these keys, and is a gateway in reach? stellwerk why DEVEUI tells what a gateway of ours saw.',
  },
  'board-not-acknowledged': {
    text: 'the network did not acknowledge the uplink: {why}',
    hint: 'stellwerk why DEVEUI tells what a gateway of ours saw of it.',
  },
  'port-never-asked': {
    text: '{port} is not asked anything: {why}',
    hint: 'If it is a board after all, say so with --console (stellwerk ls consoles).',
  },
  'unknown-virtual-board': {
    text: 'there is no virtual board {board}; there are {known}',
    hint: 'stellwerk ls boards shows all of them.',
  },
  'virtual-state-foreign': {
    text: '{file} is not the flash of {board}',
    hint: 'Give this board a file of its own with --state.',
  },
  'port-which': {
    text: '{count} ports are there: {ports}',
    hint: 'Name one of them; stellwerk ports shows what is behind each.',
  },
  'port-none': {
    text: 'no serial port is there',
    hint: 'Plug the board in with a cable that carries data; stellwerk doctor looks for the usual causes.',
  },
  'port-lost': {
    text: 'the port vanished in the middle of {doing}',
    hint: 'Look at the cable, or at the serial server, and repeat the command.',
  },
} as const;
