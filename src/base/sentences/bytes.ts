/** Payloads and other byte strings. */
export const bytes = {
  'too-short': { text: 'only {have} of at least {need} bytes are there' },
  'too-long': { text: '{have} bytes are there, at most {most} are expected' },
  'wrong-length': { text: '{have} bytes are there, {need} are expected' },
  'bad-hex': {
    text: '{what} is not a string of hexadecimal digits',
    hint: 'Write two digits per byte, such as 0a1b2c; spaces and colons are allowed.',
  },
  'bad-value': { text: '{field} at byte {at} has the value {value}, expected is {expected}' },
  'bad-field': { text: '{field} has the value {value}, which the format does not know' },
  'bad-text': { text: '{field} reads "{value}", expected is {expected}' },
  'bad-message': {
    text: 'the message cannot be encoded: {field}: {why}',
    hint: 'stellwerk ls models --json shows an example message of every type.',
  },
  'unknown-port': {
    text: '{model} sends nothing on port {fPort}',
    hint: 'Known ports: {known}. Is the model of this device set rightly?',
  },
  'unknown-command-port': {
    text: '{model} takes no commands on port {fPort}',
    hint: 'Known ports of commands: {known}.',
  },
  'unknown-message': { text: '{model} has no message type {type}', hint: 'Known types: {known}.' },
  'bad-cbor': { text: 'the CBOR at byte {at} is {what}; expected is {expected}' },
  'unknown-item': { text: 'the item {item} at byte {at} is not in the format; expected is {expected}' },
} as const;
