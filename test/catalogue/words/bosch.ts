import { defineWords, number, plainFacts, taken, type Fact } from './words.js';

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

export default defineWords({
  vendor: 'Bosch',
  models: ['bosch-tps110'],
  modelOf: () => 'bosch-tps110',
  ignored: [],
  words: [
    [/^(occupied|p_state|ParkingSpaceStatus)$/i, 'occupied', taken],
    [/^temperature(_2)?$/i, 'temperatureC', number],
    [/^(firmware|firmware_?version|fwVersion|FirmwareInformation)$/i, 'firmware', String],
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
    [/^DataRateConfiguration$/, 'dataRate', (v) => String(v).slice(0, 3).toLowerCase()],
  ],
  facts(message) {
    const facts = plainFacts(message);
    const [resetCause] = facts['resetCause'] ?? [];
    return resetCause === undefined
      ? facts
      : { ...facts, resetCause: [String(resetCause).replace(/^unknown.*/, 'unknown')] };
  },
});
