import { describe, expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { allWords, disputesOf, keyOf, published } from './published.js';
import { claimsOf, gaveUp, told } from './words/words.js';

// The examples were written down by us. Here the published decodes themselves, in the words of dozens of foreign decoders,
// are translated into facts and held against ours: every difference must stand in a list of disputes, with its reason.

const catalogue = openCatalogue();
const vocabularies = await allWords();

test('every published vector belongs to somebody', () => {
  const vendors = vocabularies.map(({ vendor }) => vendor);
  expect([...new Set(published.map(({ vendor }) => vendor))].filter((vendor) => !vendors.includes(vendor))).toEqual([]);
});

for (const words of vocabularies)
  describe(`${words.vendor}: published decodes say what ours says, or the dispute is on record`, async () => {
    const models = new Map(
      await Promise.all(words.models.map(async (id) => [id, must(await catalogue.load('sensors', id))] as const)),
    );
    const mine = published
      .filter(({ vendor }) => vendor === words.vendor)
      .map((v) => ({ v, model: models.get(words.modelOf(v))! }));
    const open = new Map(
      words.models.flatMap((id) => disputesOf(id).map((d) => [`${id} ${d.fPort} ${d.hex} ${d.about}`, d.why])),
    );
    const examples = new Set(
      [...models.values()].flatMap(({ id, examples: all }) =>
        all.map((e) => `${id} ${e.direction ?? 'uplink'} ${e.fPort} ${e.hex}`),
      ),
    );
    const used = new Set<string>();

    for (const { v, model } of mine) {
      if (v.bytesHex === null) continue;
      const key = keyOf(v, model.defaultFPort);
      test(`${model.id} ${v.direction} ${key}, ${v.origin}`, () => {
        const bytes = hex(v.bytesHex!);
        const fPort = v.fPort ?? model.defaultFPort;
        // Some vendors call the echo of a command an uplink and decode both with one function.
        const decoded = v.direction === 'downlink' ? model.decodeCommand(fPort, bytes) : model.decode(fPort, bytes);
        const silent = gaveUp(v.decodedRaw);
        const claims = silent ? {} : claimsOf(v.decodedRaw, words);
        const ours = decoded.ok ? words.facts(decoded.value) : {};
        const differ = Object.keys(claims).filter((fact) => told(claims[fact]) !== told(ours[fact]));
        // A decoder that gives up claims nothing; that it stays silent where we speak is a difference too.
        if (silent === decoded.ok) differ.push('silence');
        let isDisputed = false;
        for (const fact of differ) {
          const dispute = `${model.id} ${key} ${fact}`;
          used.add(dispute);
          isDisputed = true;
          const what = `${fact}: theirs "${told(claims[fact])}", ours "${told(ours[fact])}"`;
          expect(open.has(dispute), `not on record: ${dispute}: ${v.source}: ${what}`).toBe(true);
          expect(open.get(dispute)!.length).toBeGreaterThan(10);
        }
        // Whatever decodes is an example as well, so that it is tried in both directions.
        if (decoded.ok && !isDisputed)
          expect(examples.has(`${model.id} ${v.direction} ${key}`), `no example: ${model.id} ${key}`).toBe(true);
      });
    }

    test('each model has a vector, an example or a dispute each; no dispute is on record that no vector shows', () => {
      for (const id of words.models)
        expect(
          mine.some(({ model }) => model.id === id),
          id,
        ).toBe(true);
      expect([...open.keys()].filter((key) => !used.has(key))).toEqual([]);
    });
  });

// Karlsruhe, 2025: frames that the city's parser publishes as "unparseable", because they lead with PNI's own registers.
test.each([
  ['050002060000376600', false, 2],
  ['050005060005376600', false, 5],
  ['050002060000050005060005376601', true, 5],
  ['05000506000e050005060010376601', true, 5],
])('Karlsruhe %s: the status at the end is read, the doubt is told beside it', async (text, occupied, register) => {
  const model = must(await catalogue.load('sensors', 'pni-placepod'));
  expect(model.toReadings(must(model.decode(2, hex(text))))).toEqual([
    { occupied, fault: `error-register-${register}` },
  ]);
});
