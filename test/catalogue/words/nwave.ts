import { hex } from '../../../src/base/hex.js';
import { batteryHealth } from '../../../devices/sensors/nwave-nps405.js';
import { defineWords, number, plainFacts, taken, text, type Facts } from './words.js';

/** Their message types in ours; a tag with and without a state is one type of theirs. */
const types: Readonly<Record<string, string>> = {
  parking_status: 'status',
  counter_update: 'count',
  user_registration: 'userTag',
};
const causes: Readonly<Record<string, string>> = {
  rejoining_lorawan_network: 'rejoin',
  power_on: 'power-on',
  user_request: 'request',
};

const bytesOf = (facts: Facts): readonly number[] => {
  const [code, parameters, record] = [facts['code']?.[0], facts['parameters']?.[0], facts['record']?.[0]];
  const digits = record ?? `${Number(code).toString(16).padStart(4, '0')}${String(parameters)}`;
  return [...hex(String(digits))];
};

export default defineWords({
  vendor: 'Nwave',
  models: ['nwave-nps310', 'nwave-nps405', 'nwave-ncc405'],
  modelOf: ({ model }) => (/NPS310/.test(model) ? 'nwave-nps310' : /NCC/.test(model) ? 'nwave-ncc405' : 'nwave-nps405'),
  ignored: [],
  words: [
    [/^type$/, 'type', (v) => types[String(v)] ?? text(v)],
    [/^occupied$/, 'occupied', taken],
    [/^firmware_version$/, 'firmware', String],
    [/^reset_cause$/, 'resetCause', (v) => causes[String(v)] ?? text(v)],
    [/^previous_state_duration$/, 'previousLeastMin', number],
    [/^previous_state_duration_error$/, 'error', number],
    [/^previous_state_duration_overflow$/, 'overflow', (v) => v === true],
    [/^battery_voltage$/, 'batteryV', number],
    [/^battery_voltage_mean_24h$/, 'batteryMeanV', number],
    [/^battery_health$/, 'health', text],
    [/^temperature$/, 'temperatureC', number],
    [/^hw_health_status$/, 'errorMask', number],
    [/^counter_value$/, 'count', number],
    // A number in hexadecimal digits without leading zeros.
    [/^tag_id$/, 'tag', (v) => Number.parseInt(String(v), 16)],
    [/^bytes$/, 'bytes', number],
  ],
  facts(message) {
    const facts = plainFacts(message);
    const least = message['previousLeastMin'];
    const { batteryV, temperatureC, errorBits, occupied, tag } = message;
    if (typeof least === 'number') {
      facts['overflow'] = [least === 660];
      if (least < 660) facts['error'] = [Number(message['previousMostMin']) - least];
    }
    if (message.type === 'userTagOnly') facts['type'] = ['userTag'];
    if (typeof tag === 'string') facts['tag'] = [Number.parseInt(tag, 16)];
    if (message.type === 'debug') facts['bytes'] = [...bytesOf(facts)];
    // What the codec of the parking sensors calls a mask has the occupancy as its lowest bit.
    if (typeof errorBits === 'number')
      facts['errorMask'] = [typeof occupied === 'boolean' ? errorBits * 2 + Number(occupied) : errorBits];
    if (typeof batteryV === 'number' && typeof temperatureC === 'number')
      facts['health'] = [batteryHealth(batteryV, temperatureC)];
    return facts;
  },
});
