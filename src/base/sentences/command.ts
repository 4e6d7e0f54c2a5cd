/** The command line. */
export const command = {
  'wrong-usage': { text: '{why}', hint: 'stellwerk {verb} --help shows what is possible.' },
} as const;
