import { lppTypes, type LppItem } from '../../../src/codec/cayenne.js';
import { defineWords, type Fact } from './words.js';

/** Names that the documents and ElectronicCats' decoder use where we have our own. */
const called: Readonly<Record<string, string>> = {
  accelerometer: 'acceleration',
  digital_in: 'digitalIn',
  analog_in: 'analogIn',
  time: 'unixTime',
};
const typeName = (value: unknown): Fact =>
  typeof value === 'number' ? lppTypes[value]!.name : (called[String(value)] ?? String(value));

// Nobody has published frames of home-made sensors in CBOR: generic-cbor has examples of ours, made from the RFCs.
export default defineWords({
  vendor: '(generic)',
  models: ['generic-cayenne'],
  modelOf: () => 'generic-cayenne',
  ignored: [],
  words: [
    [/^channel$/, 'channel', Number],
    // Some decodes tell the type as number and as name.
    [/^(type|name)$/, 'type', typeName],
    [/^value$/, 'value', Number],
  ],
  facts: (message) => {
    const items = (message['items'] ?? []) as readonly LppItem[];
    return {
      channel: items.map(({ channel }) => channel),
      type: items.map(({ type }) => type),
      value: items.flatMap(({ value }) => value),
    };
  },
});
