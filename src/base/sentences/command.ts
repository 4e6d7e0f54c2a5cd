/** The command line, the catalogues and recordings. */
export const command = {
  'wrong-usage': { text: '{why}', hint: 'stellwerk {verb} --help shows what is possible.' },
  'unknown-verb': { text: 'stellwerk knows no verb {verb}', hint: 'Nearest: {near}. stellwerk --help lists all.' },
  'key-on-command-line': {
    text: '{option} on the command line would show a key to everybody on this machine and keep it in the shell history',
    hint: 'Write keys into a file (--keys-file FILE), pipe them in (--keys-file -) or set STELLWERK_APP_KEY, STELLWERK_NWK_S_KEY, STELLWERK_APP_S_KEY.',
  },
  'bad-digit': {
    text: '{what} has {have} at character {at}, expected are hexadecimal digits',
    hint: 'Write two digits per byte, such as 0a1b2c; spaces, colons and dashes between bytes are allowed.',
  },
  'odd-digits': {
    text: '{what} has {have} hexadecimal digits, half a byte too many or too few',
    hint: 'Write two digits per byte, such as 0a1b2c.',
  },
  'bad-bytes': {
    text: '{what} is neither hexadecimal nor base64: character {at} is {have}',
    hint: 'Hexadecimal has two digits per byte, such as 400403; base64 is what network servers show, such as QAQD.',
  },
  'input-empty': { text: 'nothing came in on {from}', hint: 'Pipe the text in, or give it as an argument.' },
  'input-stopped': { text: 'stopped before {from} had come to its end' },
  'input-too-long': { text: '{from} gives more than {most} bytes' },
  'input-twice': { text: 'standard input is asked for both {one} and {other}', hint: 'Give one of them as a file.' },
  'bad-json': { text: '{what} is not JSON: {why}', hint: 'The shell wants quotes around it: {example}' },
  'no-commands': { text: 'no commands to a {model} are known' },
  'keys-missing': {
    text: 'without {need} this {frame} cannot be checked and opened',
    hint: 'Give keys with --keys-file FILE, or set {variables}.',
  },
  'keys-unusable': {
    text: 'the keys file {file} names no keys',
    hint: 'Expected are appKey, nwkSKey, appSKey, or a list of devices with otaa or abp.',
  },
  'keys-ambiguous': {
    text: 'the keys file {file} has {count} devices, and none of them is {who}',
    hint: 'Add the device, or name its keys in a file of their own.',
  },
  'model-missing': {
    text: 'the payload of port {fPort} is open, but no model says how to read it',
    hint: 'Add --model ID; stellwerk ls models shows them.',
  },
  'mic-other-half': {
    text: 'the message integrity code is wrong for counter {fCnt}, and right for {right}',
    hint: 'Only 16 of its 32 bits are in the frame: add --fcnt-high {high}.',
  },
  'mic-of-lorawan-11': {
    text: 'half of the message integrity code fits: this is an uplink of LoRaWAN 1.1',
    hint: 'The other half needs the SNwkSIntKey, and the data rate and channel that it was sent with.',
  },
  'accept-of-lorawan-11': {
    text: 'the message integrity code of the join accept does not fit this AppKey, and OptNeg seems to be set',
    hint: 'Another key; or LoRaWAN 1.1, whose code cannot be checked without the DevNonce of the join request.',
  },
  'no-sensor-data': { text: 'the frame carries MAC commands on port 0, no sensor data' },
  'referee-disagrees': {
    text: 'two implementations read this frame differently: {what}',
    hint: 'Please report the frame (not the keys): one of the two is wrong.',
  },
  'unknown-entry': {
    text: 'no {room} is called {id}',
    hint: 'Nearest: {near}. stellwerk ls {list} shows all.',
  },
  'catalogue-bad-file': {
    text: '{file} is not a {room}: {why}',
    hint: 'A file there has one default export, made with {maker}, whose id is the name of the file.',
  },
  'catalogue-foreign': {
    text: '{file} is a payload codec for The Things Stack or ChirpStack, no file of ours, and was not loaded',
    hint: 'It runs in the sandbox once a map says what its output means: stellwerk new sensor {id} --codec {file} writes one.',
  },
  'model-examples': {
    text: '{model} breaks {count} of its own examples, the first: {first}',
    hint: 'Mend the layout or the example: what stands there must decode to its message and be made again from it.',
  },
  'catalogue-twice': {
    text: '{id} is there twice: {one} and {other}',
    hint: 'Rename one of the two files and its id.',
  },
  'catalogue-has-bad-files': { text: '{count} files could not be used, the first: {first}' },
  'catalogue-folder': { text: 'the folder {folder} cannot be read: {why}' },
  'bad-record': { text: 'line {line} is no record: {why}' },
  'record-too-long': { text: 'line {line} is longer than {most} bytes' },
  'wrong-record': { text: 'a record of kind {kind} is not {expected}: {why}' },
} as const;
