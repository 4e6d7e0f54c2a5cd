/** Sinks that are no broker. */
export const sinks = {
  'http-login': {
    text: 'there are two ways of saying who we are, or half of one',
    hint: 'Give a token, or username and password, or neither.',
  },
  'http-header': {
    text: 'the header {name} cannot be sent',
    hint: 'Its name or value has characters that HTTP does not have, or it is one that is set by itself.',
  },
} as const;
