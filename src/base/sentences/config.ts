/** Configuration, device lists and scenarios. */
export const config = {
  'file-missing': { text: '{file} cannot be read: {why}', hint: 'Check the path; {file} is looked for from {from}.' },
  'config-invalid': { text: '{why}' },
} as const;
