import { defineWords, number, plainFacts, taken } from './words.js';

export default defineWords({
  vendor: 'Macnman',
  models: ['macnman-parkomate'],
  modelOf: () => 'macnman-parkomate',
  ignored: [
    [/^length$/, 'how long the payload is, which is no content of it'],
    [/^(oem|device|version)$/, 'a constant text of the codec: no byte of the payload makes it'],
  ],
  words: [
    [/^devId$/, 'deviceId', number],
    [/^msgType$/, 'type', String],
    [/^parkStatus$/, 'occupied', taken],
    [/^([xyz])Offset$/, '$1Offset', number],
    [/^([xyz])Data$/, '$1', number],
    [/^Systimestamp$/, 'timeS', number],
  ],
  facts: plainFacts,
});
