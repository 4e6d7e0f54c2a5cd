import { defineWords, number, plainFacts, taken, text, type Fact } from './words.js';

/** Numbers of the frame types by the names that ZENNER gives them, and by ours. */
const typeNumbers: Readonly<Record<string, number>> = {
  info: 0,
  keep_alive: 1,
  daily_update: 2,
  error: 3,
  start1: 4,
  start2: 5,
  service: 6,
  downlink: 7,
  rssi: 8,
  rssi_frame: 8,
  keepAlive: 1,
  dailyUpdate: 2,
  configurationUp: 2,
  configurationDown: 3,
  clockSync: 6,
  clockRequest: 7,
};
const typeNumber = (value: unknown): Fact => typeNumbers[String(value)] ?? String(value);

export default defineWords({
  vendor: 'Libelium',
  models: ['libelium-smart-parking-v1', 'libelium-smart-parking-v2', 'libelium-smart-parking-v2-radar'],
  modelOf: ({ model }) =>
    `libelium-smart-parking-${/v1\.x/.test(model) ? 'v1' : /radar/.test(model) ? 'v2-radar' : 'v2'}`,
  ignored: [
    [
      /^note$/,
      'a sentence about the printed example: its figures stand in our example, and nobody has run a decoder on it',
    ],
  ],
  words: [
    [/^parking_slot_status(_name)?$/, 'occupied', taken],
    [/^parking_slot_changed$/, 'changed', taken],
    [/^battery_state(_name)?$/, 'batteryLow', (v) => v === 1 || v === 'change'],
    [/^battery_level$/, 'batteryV', (v) => Number(v) / 1000],
    [/^config_up$/, 'configAnswer', text],
    [/^sensor_recalibration$/, 'recalibrated', taken],
    [/^frame_counter$/, 'frameCounter', number],
    [/^frame_type$/, 'frameType', number],
    [/^frame_type_name$/, 'frameType', typeNumber],
    [/^sensor_error$/, 'sensorError', number],
    [/^temperature$/, 'temperatureC', number],
    [/^firmware_version$/, 'firmware', number],
    [/^([xyz])_axis$/, '$1AxisRaw', number],
    [/^error_([xyz])axis$/, '$1AxisError', taken],
    [/^error_(sigfox|lorawan|rtc)$/, '$1Error', taken],
    [/^hours$/, 'hour', number],
    [/^minutes$/, 'minute', number],
    [/^resets$/, 'resets', number],
    [/^config_id$/, 'configId', number],
    [/^nm_start$/, 'nightStartHour', number],
    [/^nm_period$/, 'nightHours', number],
    [/^nm_sleep_time$/, 'nightSleepTime', number],
    [/^nm_keep_alive$/, 'nightKeepAlive', number],
    [/^radio_mode$/, 'radioMode', number],
    [/^sleep_time$/, 'sleepTime', number],
    [/^keep_alive$/, 'keepAlive', number],
    [/^threshold$/, 'threshold', number],
  ],
  facts: (message) => ({
    ...plainFacts(message),
    frameType: [typeNumber(message.type)],
    changed: [message.type === 'info'],
  }),
});
