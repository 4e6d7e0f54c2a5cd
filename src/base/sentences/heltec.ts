/** How the settings and uplinks of a board can go wrong. */
export const heltec = {
  'board-kept-another': {
    text: '{name} was set, and the board tells another value',
    hint: 'Set it again; if the board goes on like this, restore its factory settings with stellwerk board rescue.',
  },
  'uplink-waits': {
    text: 'the uplink is still not over after {seconds} s',
    hint: 'The duty cycle of the band makes it wait, or it is being repeated: it goes on by itself.',
  },
} as const;
