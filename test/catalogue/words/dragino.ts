import type { Message } from '../../../src/codec/sensor.js';
import { defineWords, number, plainFacts, text, type Fact } from './words.js';

const bit = (value: unknown): Fact => (/^(true|high)$/i.test(String(value)) ? 1 : Number(value) || 0);
const tenfold = (value: unknown): Fact => Math.round(Number.parseFloat(String(value)) * 10);
/** A distance, or the sentence that stands for it. */
const distance = (value: unknown): Fact => (typeof value === 'number' ? value : text(value));
const band = (value: unknown): Fact => String(value).toLowerCase().replace('_', '-');
const subBand = (value: unknown): Fact => (value === 'NULL' ? 255 : Number(value));
/** Two nibble notations: 1.4.2, and 100 for 1.0.0. */
const firmware = (value: unknown): Fact =>
  typeof value === 'number' ? String(value).padStart(3, '0').split('').join('.') : String(value);

/** What the type of a DS20L message says, which has no field of its own. */
const ofType: Readonly<Record<string, Readonly<Record<string, Fact[]>>>> = {
  counting: { mode: [1] },
  limits: { digitalOutputMode: [0] },
  limitsCounting: { digitalOutputMode: [1] },
};
const messageTypes: Readonly<Record<string, number>> = { normal: 1, 'configuration-reply': 2 };

export default defineWords({
  vendor: 'Dragino',
  models: [
    'dragino-dds04-lb',
    'dragino-dds75-lb',
    'dragino-ds20l',
    'dragino-ldds04',
    'dragino-ldds75',
    'dragino-lds12-lb',
    'dragino-llds12',
    'dragino-lmds200',
    'dragino-mds200-lb',
  ],
  modelOf: ({ model }) => `dragino-${model.toLowerCase()}`,
  ignored: [[/^node_type$/i, 'the name of the decoder, the same for all bytes']],
  words: [
    [/^(bat|batv)$/i, 'batteryV', number],
    [/^(distance|distance_mm)$/i, 'distanceMm', distance],
    [/^lidar_distance$/i, 'distanceMm', tenfold],
    [/^distance([1-4])_cm$/, 'distance$1Mm', tenfold],
    [/^dis1$/, 'closestMm', tenfold],
    [/^dis2$/, 'nextMm', tenfold],
    [/^lidar_signal$/i, 'signalStrength', number],
    [/^tempc_ds18b20$/i, 'temperatureC', number],
    [/^lidar_temp$/i, 'lidarTemperatureC', number],
    [/^(interrupt|interrupt_flag|interrupt_alarm|interrupt_status|exti_trigger)$/i, 'interrupt', bit],
    [/^(interrupt_level|exti_level)$/i, 'interruptLevel', bit],
    [/^sensor_flag$/i, 'sensorFlag', number],
    [/^(message_type|mes_type)$/i, 'messageType', number],
    [/^interrupt_count$/i, 'count', number],
    [/^distance_state$/i, 'distanceState', number],
    [/^alarm$/i, 'alarm', bit],
    [/^mod$/i, 'mode', number],
    [/^do$/i, 'digitalOutput', bit],
    [/^do_flag$/i, 'digitalOutputMode', bit],
    [/^threshold_flag_for_alarm$/i, 'threshold', bit],
    [/^upper_limit$/i, 'upperLimitMm', number],
    [/^lower_limit$/i, 'lowerLimitMm', number],
    [/^dalarm_count$/i, 'alarmCount', number],
    [/^distance_alarm$/i, 'distanceAlarm', bit],
    [/^tdc$/i, 'intervalS', number],
    [/^atdc$/i, 'alarmIntervalMin', number],
    [/^alarm_min$/i, 'alarmMinMm', tenfold],
    [/^alarm_max$/i, 'alarmMaxMm', tenfold],
    [/^sensor_model$/i, 'sensorModel', text],
    [/^(firmware_version|ver)$/i, 'firmware', firmware],
    [/^(frequency_band|fre_band)$/i, 'band', band],
    [/^sub_band$/i, 'subBand', subBand],
  ],
  facts(message: Message) {
    const facts = { ...plainFacts(message), ...ofType[message.type] };
    for (const [name, values] of Object.entries(facts))
      facts[name] = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    const said = message['messageType'];
    if (typeof said === 'string') facts['messageType'] = [messageTypes[said] ?? Number(said.replace('unknown-', ''))];
    return facts;
  },
});
