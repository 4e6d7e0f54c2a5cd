import { defineWords, number, plainFacts, type Fact } from './words.js';

const types: Readonly<Record<string, string>> = {
  ECHO: 'echo',
  RESTART: 'restart',
  NEW_CONFIGURATION_ACCEPTED: 'configAccepted',
  REPORT_CONFIGURATION: 'config',
  REGULAR_MEASUREMENT: 'regular',
  EVENT_MEASUREMENT: 'event',
  MANUAL_MEASUREMENT: 'manual',
};
const topics: Readonly<Record<string, string>> = {
  echo: 'status',
  restart: 'status',
  configAccepted: 'status',
  config: 'status',
  error: 'error',
  invalid: 'invalid_measurement',
};
const commands: Readonly<Record<string, string>> = {
  RESTART: 'restart',
  PARAM_CHANGE: 'parameter-change',
  PARAM_READ: 'parameter-read',
};
const codes: Readonly<Record<string, string>> = {
  PARAM_UNKNOWN: 'parameter-unknown',
  PARAM_READ_ONLY: 'parameter-read-only',
  PARAM_NOT_READABLE: 'parameter-not-readable',
  COMMAND_STRUCTURE_WRONG: 'command-malformed',
};
const from =
  (table: Readonly<Record<string, string>>) =>
  (value: unknown): Fact =>
    table[String(value)] ?? String(value);
/** Tenths of a centimetre are written as centimetres. */
const millimetres = (value: unknown): Fact => Math.round(Number(value) * 10);

export default defineWords({
  vendor: 'Adnexo',
  models: ['adnexo-ax-dist'],
  modelOf: () => 'adnexo-ax-dist',
  ignored: [
    [/^batteryLevel$/, 'made by the decoder from the voltage beside it, in steps of ten'],
    [/^fillLevel$/, 'made by the decoder from the distance beside it and a height that the user set'],
  ],
  words: [
    [/^(payloadType|measurementType)$/, 'type', from(types)],
    [/^topic$/, 'topic', (v) => (v === 'lifecycle' ? 'status' : String(v))],
    [/^echo$/, 'echo', (v) => String(v).toLowerCase()],
    [/^distance$/, 'distanceMm', millimetres],
    [/^measurementVariance$/, 'varianceMm', millimetres],
    [/^temperature$/, 'temperatureC', number],
    [/^(voltage|batteryVoltage)$/, 'batteryV', number],
    [/^measurementInterval$/, 'measurementIntervalS', number],
    [/^sendInterval$/, 'sendEveryMeasurements', number],
    [/^joinInterval$/, 'joinIntervalS', number],
    [/^reedActive$/, 'reedContact', (v) => (v === true ? 'active' : 'off')],
    [/^thresholdDistance$/, 'thresholdMm', number],
    [/^errorOn$/, 'command', from(commands)],
    [/^errorCode$/, 'code', from(codes)],
  ],
  facts: (message) => ({ ...plainFacts(message), topic: [topics[message.type] ?? 'measurement'] }),
});
