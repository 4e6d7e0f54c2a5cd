import model from '../../../devices/sensors/cicicom-s-lg-i3.js';
import { toHex } from '../../../src/base/hex.js';
import { must } from '../../../src/base/problem.js';
import { defineWords, number, plainFacts, taken, text, type Fact } from './words.js';

/** The vendor's titles of the payloads, and the letters beside them. */
const types: readonly (readonly [theirs: RegExp, type: string])[] = [
  [/boot/i, 'boot'],
  [/keep-alive/i, 'keepAlive'],
  [/change/i, 'change'],
  [/malfunction/i, 'malfunction'],
];
const type = (value: unknown): Fact => types.find(([theirs]) => theirs.test(String(value)))?.[1] ?? text(value);
const hexOf = (value: unknown): Fact => toHex(Uint8Array.from(String(value), (c) => c.charCodeAt(0)));

export default defineWords({
  vendor: 'Cicicom',
  models: ['cicicom-s-lg-i3'],
  modelOf: () => 'cicicom-s-lg-i3',
  ignored: [],
  words: [
    [/^(label|messageType)$/, 'type', type],
    [/^ascii$/, 'frame', hexOf],
    [/^occupied$/, 'occupied', taken],
    [/^batteryVoltage$/, 'batteryV', number],
    [/^temperature$/, 'temperatureC', number],
    [/^firmware$/, 'firmware', String],
    [/^statusReport$/, 'status', hexOf],
  ],
  facts: (message) => ({ ...plainFacts(message), frame: [toHex(must(model.encode(message)).bytes)] }),
});
