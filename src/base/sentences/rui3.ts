/** What RAK's RUI3 says and only it. */
export const rui3 = {
  'rui3-locked': {
    text: 'the console of the board is locked, and the password of new boards does not open it',
    hint: 'Type the password as a line of its own in stellwerk board console; who has lost it must write the firmware anew.',
  },
} as const;
