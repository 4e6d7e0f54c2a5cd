/** Files and the running gateway. */
export const gateway = {
  'file-missing': { text: '{file} cannot be read: {why}', hint: 'Check the path; a relative path starts at {from}.' },
  'file-unwritable': {
    text: '{file} cannot be written: {why}',
    hint: 'Check that the folder exists, belongs to you, and that the disk is not full.',
  },
  'file-exists': {
    text: '{file} is there already, and nothing was written',
    hint: 'Move it away, or take another name or folder.',
  },
  'folder-in-use': {
    text: 'the folder {folder} is in use by process {pid}',
    hint: 'Two processes would overwrite each other: end that one, or give this one a state folder of its own.',
  },
  'check-failed': { text: '{count} of the checks failed', hint: 'The lines that begin with fail say what to mend.' },
  'commission-wrong': {
    text: '{count} of {of} bays did not answer as they should',
    hint: 'Put the sensors right (or their bays in the list of devices), start the gateway anew, and walk along them once more.',
  },
  'commission-stopped': {
    text: 'stopped; {count} of {of} bays had their turn',
    hint: 'Go on with the bays that are left: the order is yours, and those above need not be walked along again.',
  },
  'store-newer': {
    text: '{file} was written by a later version of Stellwerk (format {version})',
    hint: 'Run that version, or give this one a state folder of its own.',
  },
  'outbox-full': {
    text: 'events that wait for sinks take {have} MB on disk, and {most} MB is the bound',
    hint: 'Bring the sinks back, raise outbox.maxMB, or let the oldest go with outbox.whenFull: drop-oldest.',
  },
  internal: { text: 'something that must not happen did: {what}', hint: 'Please report it with the lines above.' },
} as const;
