import { z } from 'zod';
import { cborMap } from '../../src/codec/cbor-map.js';
import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { senml } from '../../src/codec/senml.js';
import known from './generic-cbor.examples.json' with { type: 'json' };
import { mapReadings, packReadings } from './generic/pack.js';
import { knownKeys, words } from './generic/words.js';

const name = z.string().min(1);

/**
 * CBOR (RFC 8949) of anybody's own firmware, on any port: a list of SenML records (RFC 8428), or one map.
 *
 * The same words mean the same in both: `occupied` (o), `battery` in V (v), `batteryMv` (mv), `batteryPercent` (p),
 * `temperature` in °C (t), `humidity` (h), `distance` in mm (d), `count` (c), `fault` (f), `age` in s (a) and more: see
 * `generic/words.ts`. In SenML the name's last piece counts (behind `:`, `/` or `.`) and the unit of the record: V, mV, %EL,
 * %, /, Cel, K, m, cm, mm. A level in `EL` is seconds by the RFC, not percent, and is left alone. A list of plain maps is
 * several readings, say one for each head: [{ o: true, head: 1 }, { o: false, head: 2 }].
 * `fields: { occupied: 'bay' }` says that a firmware calls it `bay`; what is a whole number as key is named by its digits.
 * `invert: true` turns `occupied` round.
 *
 * The smallest frames: `a1 61 6f f5` is { "o": true }; with `fields: { occupied: '0' }` three bytes do, `a1 00 f5`.
 * `a2 61 6f f4 62 6d 76 19 0e 10` is { "o": false, "mv": 3600 }. In SenML `81 a2 00 61 6f 04 f5` is [{ n: "o", vb: true }].
 */
export default defineSensor({
  id: 'generic-cbor',
  vendor: '(generic)',
  model: 'CBOR and SenML',
  source: 'RFC 8949 (CBOR), RFC 8428 (SenML); the words of a plain map are ours',
  // The examples of RAK and Heltec send on port 2; the content is the same on every port.
  defaultFPort: 2,
  options: z.strictObject({
    fields: z
      .strictObject(Object.fromEntries(Object.keys(words).map((word) => [word, name.optional()])))
      .optional()
      .describe('Names that the firmware gives our words, such as { occupied: bay }'),
    invert: z.boolean().optional().describe('False and zero mean that a car is there'),
  }),
  ports: { any: { senml, map: cborMap(knownKeys) } },
  toReadings: (message, context) =>
    message.type === 'senml' ? packReadings(message.records, context) : mapReadings(message.fields, context),
  // Nobody has published payloads of this kind from parking sensors: ours are made by hand from the RFCs.
  examples: known.examples as readonly Example[],
});
