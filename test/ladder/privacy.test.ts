import { expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { pseudonyms } from '../../src/base/pseudonym.js';
import { openCatalogue } from '../../src/catalogue.js';
import { eventJson } from '../../src/dialects/city/stellwerk-json.js';
import { climb, ladder, type Batch, type LadderSettings } from '../../src/ladder/ladder.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { registry } from '../../src/network/registry.js';
import { usualNetwork } from '../../src/network/settings.js';

const key = new Uint8Array(16).fill(7);
const keys = { nwkSKey: key, appSKey: key };
const tag = '12345678';
const model = must(await openCatalogue().load('sensors', 'nwave-nps405'));

/** What comes of a driver's tag over an occupied bay (port 10). */
const climbWith = (more: Partial<LadderSettings>): Batch => {
  const settings: LadderSettings = { ...usualNetwork(eu868), simulated: false, ...more };
  const devices = registry([
    {
      ...{ devEui: '0200000000000001', name: 'n', bay: 'b', lot: 'l', lorawan: '1.0.3', model, options: {} },
      activation: { kind: 'abp', devAddr: 0x01020304, ...keys },
    },
  ]);
  const phy = sealData({
    ...{ uplink: true, confirmed: false, devAddr: 0x01020304, fCnt: 1, fPort: 10 },
    ...{ payload: Uint8Array.of(1, 0x12, 0x34, 0x56, 0x78), nwkSKey: aesKey(key), appSKey: aesKey(key) },
  });
  const state = ladder(settings, devices);
  const batches: Batch[] = [];
  const out = { batch: (batch: Batch) => void batches.push(batch), copy: () => undefined };
  const radio = {
    gateway: '0253544b47570001',
    tmst: 0,
    freqHz: 868_100_000,
    rssiDbm: -90,
    snrDb: 8,
    crc: 'ok',
  } as const;
  climb(
    state,
    { kind: 'frame', rx: { phy, atUs: 1_000_000, dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, ...radio } },
    out,
  );
  climb(state, { kind: 'flush', atUs: 2_000_000 }, out);
  return batches[0]!;
};

test("a driver's tag is decoded and stays out of the event", () => {
  const { events, outcome } = climbWith({});
  expect(outcome?.result).toBe('accepted');
  expect(events).toMatchObject([{ kind: 'occupied', occupied: true }]);
  expect(JSON.stringify([events, outcome])).not.toMatch(new RegExp(`${tag}|${Number.parseInt(tag, 16)}|tags`));
});

test('with pseudonyms the event names the driver as nobody else can', () => {
  const pseudonym = pseudonyms('a secret of the city');
  const { events } = climbWith({ pseudonym });
  const [identifier] = model.identifiers(must(model.decode(10, Uint8Array.of(1, 0x12, 0x34, 0x56, 0x78))));
  expect(events[0]?.tags).toEqual([pseudonym(identifier!)]);
  expect(eventJson(events[0]!).tags).toEqual(events[0]!.tags);
  expect(JSON.stringify(events)).not.toMatch(new RegExp(`${tag}|${Number.parseInt(tag, 16)}`));
});
