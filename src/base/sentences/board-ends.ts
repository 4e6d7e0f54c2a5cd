/** Why a command that talks with a board did not begin, or came to its end before its time. */
export const boardEnds = {
  'board-stopped': {
    text: 'stopped before {what} had come to its end',
    hint: 'The port is free. What the board had been told by then it still does.',
  },
  'port-not-yours': {
    text: '{address} may not be opened by you: no group is given it',
    hint: 'Ask whoever runs this machine for a udev rule. stellwerk ports shows what else is there.',
  },
  'nothing-listens': {
    text: 'nothing listens on {host} {protocol} port {port}',
    hint: 'Start the serial server or the virtual board there, or check host and port.',
  },
} as const;
