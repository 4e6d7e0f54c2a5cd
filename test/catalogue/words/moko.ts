import type { Message } from '../../../src/codec/sensor.js';
import { defineWords, number, plainFacts, text, type Fact, type Facts } from './words.js';

const phrases: Readonly<Record<string, string>> = {
  // payload types of all models
  'device state payload': 'state',
  'device parameter payload': 'parameters',
  'parking information': 'parking',
  'parking beacon information': 'parkingBeacons',
  'low power': 'lowPower',
  'power off': 'powerOff',
  'event information': 'event',
  'pakring detection times report': 'counter',
  hearbeat: 'heartbeat',
  // states of SM and IG
  'heartbeat report': 'heartbeat',
  'heartbeat message': 'heartbeat',
  'parking spaces become empty': 'empty',
  'parking spaces was occuiped': 'occupied',
  'strong magnetic interference': 'magnetic-interference',
  'low battery alert': 'low-battery',
  'magnetic sensor failed': 'magnetometer-failed',
  'magenetic sensor failed(ic can be read)': 'magnetometer-failed',
  "magenetic sensor failed(ic can't be read)": 'magnetometer-unreadable',
  'tt&h sensor failed': 'temperature-humidity-failed',
  'radar sensor failed': 'radar-failed',
  // what the PRO says
  'no parking': 'empty',
  'magnetic hardware destroyed': 'magnetometer-broken',
  'radar mode destroyed': 'radar-broken',
  'magnetic detection': 'magnetic',
  'radar detection': 'radar',
  'magnetic & radar detection': 'both',
  'bluetooth command': 'bluetooth',
  'lorawan command': 'lorawan',
  'downlink trigger': 'downlink-trigger',
  'downlink frame trigger reporting': 'downlink-trigger',
  'calibration successfully': 'calibration-ok',
  'calibration fail': 'calibration-failed',
};
const phrase = (value: unknown): Fact => phrases[text(value) as string] ?? text(value);

/** `Parking space with car` and `Parking` against `No car` and `No Parking`. */
const car = (value: unknown): Fact => /^(1|parking.*)$/i.test(String(value));
const celsius = (value: unknown): Fact => (value === 'None' ? 'none' : number(value));
const volts = (value: unknown): Fact => Number(number(value)) / 1_000;
const digits = (value: unknown): Fact => number(String(value).replace(/^\D+/, ''));
/** `0x1c3c`. */
const word = (value: unknown): Fact => Number(value);
/** `UTC-03:30` in hours. */
const zone = (value: unknown): Fact => {
  const [, sign, hours, minutes] = /^UTC([+-])(\d+):(\d+)$/.exec(String(value))!;
  return (sign === '-' ? -1 : 1) * (Number(hours) + Number(minutes) / 60);
};
/** `X:0xf01d Y:0xf040 Z:0xfd6f`, without a sign. */
const axes = (value: unknown): Fact => (String(value).match(/0x[0-9a-f]+/g) ?? []).map(Number).join(' ');
const unsigned = (value: unknown): number => Number(value) & 0xffff;

/** A moment as a clock on the wall shows it. */
const wallTime = (unixS: number, zoneH: number): string =>
  new Date((unixS + zoneH * 3_600) * 1_000).toISOString().slice(0, 19).replace('T', ' ');

const isPro = ({ lowPower }: Message): boolean => lowPower !== undefined;

const facts = (message: Message): Facts => {
  const plain = plainFacts(message);
  const timeS = Number(message['timeS']);
  if (isPro(message)) {
    const { x, y, z, beacons = [] } = message as Message & { beacons?: readonly Readonly<Record<string, Fact>>[] };
    return {
      ...plain,
      payload: [message.type],
      wallTime: [wallTime(timeS, Number(message['timezoneH']))],
      axes: [[x, y, z].map(unsigned).join(' ')],
      mac: beacons.map((one) => one['mac']!),
      rssiDbm: beacons.map((one) => one['rssiDbm']!),
      beaconTimeS: beacons.map((one) => one['timeS']!),
    };
  }
  const { magnetic = {}, radar = '', state } = message as Message & { magnetic?: Readonly<Record<string, number>> };
  return {
    ...plain,
    ...Object.fromEntries(Object.entries(magnetic).map(([name, value]) => [name, [value]])),
    payload: [phrase(message.type === 'state' ? state : message.type)],
    // These decoders show their time in UTC and say so.
    timezoneH: [0],
    wallTime: [wallTime(timeS, 0)],
    radar: [Number.parseInt(String(radar).slice(2), 16)],
  };
};

export default defineWords({
  vendor: 'MOKOSmart',
  models: ['moko-lw009-sm', 'moko-lw009-ig', 'moko-lw009-sm-pro'],
  modelOf: ({ model }) => `moko-${model.toLowerCase().replaceAll(' ', '-')}`,
  ignored: [
    [/^hex_format_payload$/, 'the payload itself again'],
    [/^port$/, 'the port of the frame, by which the payload was found: no content of it'],
    [/^result$/, 'only says "Format wrong": that we refuse as well is told by the record of silence'],
  ],
  words: [
    [/^payloadType$/, 'type', phrase],
    [/^payload_code$/, 'type', (value) => (value === 1 ? 'state' : 'parameters')],
    [/^payload_type$/, 'payload', phrase],
    [/^messageType$/, 'state', phrase],
    [/^timestamp$/, 'timeS', number],
    [/^time$/, 'wallTime', String],
    [/^timezone$/, 'timezoneH', zone],
    [/^(deviceType|device_model)$/, 'deviceType', text],
    [/^(deviceVersion|device_version)$/, 'deviceVersion', text],
    [/^(heartbeatInterval|heartbeat_interval)$/, 'heartbeatS', number],
    [/^sensitivity$/, 'sensitivity', digits],
    [/^(batteryLevel|battery_level)$/, 'batteryPercent', number],
    [/^(batteryVoltage|battery_voltage)$/, 'batteryV', volts],
    [/^magneticSensorAxisX$|^magenetic_sensor_X_axis_data$/, 'x', number],
    [/^magneticSensorAxisY$|^magenetic_sensor_Y_axis_data$/, 'y', number],
    [/^magneticSensorAxisZ$|^magenetic_sensor_Z_axis_data$/, 'z', number],
    [/^(parkingStatus(Code)?|parking_status|car_parking_state)$/, 'occupied', car],
    [/^temperature$/, 'temperatureC', celsius],
    [/^humidity$/, 'humidityPercent', number],
    [/^low_power_state$/, 'lowPower', (value) => value === 'Low power'],
    [/^parking_detect_mode$/, 'mode', phrase],
    [/^parking_information$/, 'info', phrase],
    [/^radar_data$/, 'radar', word],
    [/^axis_data$/, 'axes', axes],
    [/^parking_timestamp$/, 'parkingTimeS', number],
    [/^mac_address$/, 'mac', text],
    [/^rssi$/, 'rssiDbm', number],
    [/^beacon_timestamp$/, 'beaconTimeS', number],
    [/^power_off_mode$/, 'by', phrase],
    [/^event$/, 'event', phrase],
    [/^parking_detect_count$/, 'detections', number],
  ],
  facts,
});
