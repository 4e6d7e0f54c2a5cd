import { toHex } from '../../../src/base/hex.js';
import { defineWords, plainFacts } from './words.js';

export default defineWords({
  vendor: 'Cicicom',
  models: ['cicicom-s-lg-i3'],
  modelOf: () => 'cicicom-s-lg-i3',
  ignored: [],
  words: [[/^statusReport$/, 'status', (v) => toHex(Uint8Array.from(String(v), (c) => c.charCodeAt(0)))]],
  facts: plainFacts,
});
