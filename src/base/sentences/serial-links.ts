/** What serial servers and the log of exchanges say. */
export const serialLinks = {
  'rfc2217-speed': {
    text: '{address} stays at {have} baud, {want} was asked for',
    hint: 'Take another --baud, or allow this one in the configuration of the serial server.',
  },
} as const;
