import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import type { LppItem } from '../../src/codec/cayenne.js';
import type { Message } from '../../src/codec/sensor.js';
import bosch from '../../devices/sensors/bosch-tps110.examples.json' with { type: 'json' };
import pni from '../../devices/sensors/pni-placepod.examples.json' with { type: 'json' };
import vectors from '../vectors/parking-a.json' with { type: 'json' };

// The examples were written down by us. Here the published decodes themselves, in the words of a dozen foreign decoders,
// are translated into facts and held against ours: every difference must stand in a list of disputes, with its reason.

type Fact = string | number | boolean;
type Facts = Record<string, Fact[]>;

const word = (value: unknown): string =>
  String(value)
    .toLowerCase()
    .replace(/resets?|[^a-z]/g, '');
const causes: Readonly<Record<string, string>> = {
  systemrequest: 'request',
  poweron: 'power-on',
  externalpin: 'external-pin',
};
const cause = (value: unknown): Fact => causes[word(value)] ?? word(value);
const number = (value: unknown): Fact => Number.parseFloat(String(value));
const taken = (value: unknown): Fact => /^(true|1|occupied.*)$/i.test(String(value));

/** Foreign names, the fact that they tell, and how their values read in our words. */
const words: readonly (readonly [name: RegExp, fact: string, read: (value: unknown) => Fact])[] = [
  [/^(occupied|p_state|ParkingSpaceStatus|presence_(21|55)|parking_status)$/i, 'occupied', taken],
  [/^temperature(_2)?$/i, 'temperatureC', number],
  [/^(firmware|firmware_?version|fwVersion|FirmwareInformation)$/i, 'firmware', (v) => String(v).replace(/^V/, '')],
  [/^(reset_reason|reset_?cause)$/i, 'resetCause', cause],
  [/^debug_?codes?$/i, 'code', number],
  [/^sequence_number$/, 'sequence', number],
  [/^timestamp$/, 'uptimeS', number],
  [/^devEUI$/, 'devEui', String],
  [/^extension$/, 'region', (v) => String(v).toLowerCase()],
  [/^(dr\d)_sf\d+$/, '$1', number],
  [/^parking_status_changes$/, 'statusChanges', number],
  [/^time_in_seconds$/, 'occupiedS', number],
  [/^times_radar_triggered$/, 'radarTriggers', number],
  [/^(battery|batteryVoltage|analog_input_3)$/i, 'batteryV', number],
  [/^(vehicle_?count|digital_input_33)$/i, 'count', number],
  [/^digital_input_5$/, 'errorRegister', number],
  [/^digital_input_6$/, 'state', number],
  [/^(recalibrated|recalibrate_success|recalibrateResponse)$/i, 'recalibrated', (v) => taken(v)],
  [/^(deactivated|deactivate_response|deactivate)$/i, 'deactivated', (v) => v === 'done' || taken(v)],
  [/^reboot_response$/, 'rebooted', taken],
  [/^unparseable$/, 'rest', (v) => String(v).toLowerCase()],
  [/^statusReport$/, 'status', (v) => toHex(Uint8Array.from(String(v), (c) => c.charCodeAt(0)))],
  [/^DataRateConfiguration$/, 'dataRate', (v) => String(v).slice(0, 3).toLowerCase()],
];

const claimsOf = (raw: unknown, facts: Facts = {}): Facts => {
  if (Array.isArray(raw)) for (const one of raw) claimsOf(one, facts);
  else if (typeof raw === 'object' && raw !== null)
    for (const [name, value] of Object.entries(raw)) {
      const known = words.find(([pattern]) => pattern.test(name));
      // Byte 0 of the reserved pair is called `reset_cause` by the 0.39.2 codec; the cause in words stands beside it.
      const silent = value === null || value === '' || (name === 'reset_cause' && typeof value === 'number');
      if (known && !silent && (typeof value !== 'object' || name === 'debugCodes'))
        (facts[name.replace(known[0], known[1])] ??= []).push(
          ...(Array.isArray(value) ? value : [value]).map((v) => known[2](v)),
        );
      else claimsOf(value, facts);
    }
  return facts;
};

const itemFacts: Readonly<Record<string, readonly [fact: string, read: (value: number) => Fact]>> = {
  '21/presence': ['occupied', (v) => v !== 0],
  '55/presence': ['occupied', (v) => v !== 0],
  '2/temperature': ['temperatureC', Number],
  '3/analogIn': ['batteryV', Number],
  '33/digitalIn': ['count', Number],
  '55/digitalIn': ['count', Number],
  '5/digitalIn': ['errorRegister', Number],
  '6/digitalIn': ['state', Number],
  '1/digitalOut': ['recalibrated', (v) => v === 1],
  '28/digitalOut': ['deactivated', (v) => v === 1],
  '63/digitalOut': ['rebooted', (v) => v === 1],
};

const factsOf = (message: Message): Facts => {
  const facts: Facts = {};
  for (const [name, value] of Object.entries(message))
    if (name === 'firmware') facts[name] = [String(value).replace(/^V/, '')];
    else if (name === 'resetCause') facts[name] = [String(value).replace(/^unknown.*/, 'unknown')];
    else if (name !== 'items') facts[name] = [value as Fact];
  for (const { channel, type, value } of (message['items'] ?? []) as LppItem[]) {
    const [fact, read] = itemFacts[`${channel}/${type}`]!;
    (facts[fact] ??= []).push(read(value as number));
  }
  return facts;
};

/** Several decoders tell one thing twice in one output (a name and a number): repeats of neighbours count once. */
const told = (values: readonly Fact[] | undefined): string =>
  (values ?? []).filter((value, i) => value !== values?.[i - 1]).join(' then ');

const catalogue = openCatalogue();
const disputes = [
  ...bosch.disputed.map((d) => ({ ...d, model: 'bosch-tps110' })),
  ...pni.disputed.map((d) => ({ ...d, model: 'pni-placepod' })),
];
const ids: Readonly<Record<string, string>> = {
  Bosch: 'bosch-tps110',
  PNI: 'pni-placepod',
  Cicicom: 'cicicom-s-lg-i3',
};

describe('the published decodes say what ours says, or the dispute is on record', async () => {
  for (const [vendor, id] of Object.entries(ids)) {
    const model = must(await catalogue.load('sensors', id));
    const mine = vectors.vectors.filter((v) => v.vendor === vendor && v.bytesHex !== null);
    const open = new Set(disputes.filter((d) => d.model === id).map((d) => `${d.fPort} ${d.hex} ${d.about}`));
    const used = new Set<string>();

    test.each(mine.map((v) => ({ ...v, key: `${v.fPort ?? model.defaultFPort} ${v.bytesHex?.toLowerCase()}` })))(
      `${vendor} $key, $origin`,
      (v) => {
        const bytes = hex(v.bytesHex!);
        const fPort = v.fPort ?? model.defaultFPort;
        const decoded = v.direction === 'downlink' ? model.decodeCommand(fPort, bytes) : model.decode(fPort, bytes);
        const claims = claimsOf(v.decodedRaw);
        const ours = decoded.ok ? factsOf(decoded.value) : {};
        const differ = Object.keys(claims).filter((fact) => told(claims[fact]) !== told(ours[fact]));
        // A decoder that gives up claims nothing; that it stays silent where we speak is a difference too.
        if (JSON.stringify(v.decodedRaw) === '[]') differ.push('silence');
        for (const fact of differ) {
          const dispute = `${v.key} ${fact}`;
          used.add(dispute);
          const what = `${fact}: ${told(claims[fact])}, ours ${told(ours[fact])}`;
          expect(open.has(dispute), `not on record: ${dispute}: ${v.source}: ${what}`).toBe(true);
        }
      },
    );

    test(`${vendor}: no dispute is on record that no vector shows`, () => {
      expect([...open].filter((key) => !used.has(key))).toEqual([]);
    });
  }
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
