/** Files and the running gateway. */
export const gateway = {
  'file-missing': { text: '{file} cannot be read: {why}', hint: 'Check the path; a relative path starts at {from}.' },
  'file-unwritable': {
    text: '{file} cannot be written: {why}',
    hint: 'Check that the folder exists, belongs to you, and that the disk is not full.',
  },
  internal: { text: 'something that must not happen did: {what}', hint: 'Please report it with the lines above.' },
} as const;
