/** Sinks that are no broker. */
export const sinks = {
  'http-url': {
    text: 'this is no address of an HTTP server',
    hint: 'Write https://host/path, or http://host/path.',
  },
  'http-credentials-in-url': {
    text: 'the address holds a user name or password',
    hint: 'Addresses are logged and shown: use username and password, or token, as env:NAME or file:PATH.',
  },
  'http-login': {
    text: 'there are two ways of saying who we are, or half of one',
    hint: 'Give a token, or username and password, or neither.',
  },
  'http-header': {
    text: 'the header {name} cannot be sent',
    hint: 'Its name or value has characters that HTTP does not have, or it is one that is set by itself.',
  },
} as const;
