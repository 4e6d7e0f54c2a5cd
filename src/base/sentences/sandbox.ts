/** Payload codecs of others, run in the sandbox. */
export const sandbox = {
  'codec-syntax': {
    text: 'the codec is not JavaScript: {why}',
    hint: 'A codec is a plain script with a function decodeUplink (LoRaWAN TS013); import and export are not understood.',
  },
  'codec-no-entry': {
    text: 'the codec has no function {name}',
    hint: 'It has: {known}. Decode (ChirpStack v3) and Decoder (TTN v2) stand in for decodeUplink.',
  },
  'codec-threw': {
    text: 'the codec gave up: {why}',
    hint: 'The place is where its file threw; the payload may be of another model or firmware.',
  },
  'codec-too-long': {
    text: 'the codec did not come to an end within {steps} steps',
    hint: 'A codec needs some thousand steps; look for a loop whose end it never reaches with these bytes.',
  },
  'codec-memory': {
    text: 'the codec needs more than {most} bytes of memory',
    hint: 'A codec needs some ten thousand bytes; look for a list or text that grows in a loop.',
  },
  'codec-too-deep': {
    text: 'the codec calls itself too often or nests too deeply',
    hint: 'Look for a function that calls itself without end with these bytes.',
  },
  'codec-crashed': {
    text: 'the codec brought the JavaScript engine down',
    hint: 'Other codecs are not touched by this. Please report the codec.',
  },
  'codec-bad-result': {
    text: 'what the codec gives back cannot be used: {path}: {why}',
    hint: 'Expected is plain data, as JSON has it: TS013 wants an object with data, or with errors.',
  },
  'codec-map-unfit': {
    text: 'the codec has another kind of value than the map takes: {path}: {why}',
    hint: 'The map says what a value means: from with is makes it true or false, with factor and offset a number, with text a word of ours.',
  },
  'codec-said-errors': {
    text: 'the codec refuses the payload: {errors}',
    hint: "The sentence is the codec's own; the payload may be of another model or firmware.",
  },
  'codec-one-way': {
    text: 'a message of {model} cannot be turned into a payload: its codec only reads uplinks',
    hint: 'Give the payload in hexadecimal digits instead.',
  },
} as const;
