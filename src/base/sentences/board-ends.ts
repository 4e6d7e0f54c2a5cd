/** How a command that talks with a board comes to its end before its time. */
export const boardEnds = {
  'board-stopped': {
    text: 'stopped before {what} had come to its end',
    hint: 'The port is free. What the board had been told by then it still does.',
  },
} as const;
