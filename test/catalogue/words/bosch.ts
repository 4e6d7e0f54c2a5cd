import model from '../../../devices/sensors/bosch-tps110.js';
import { debugCodes } from '../../../devices/sensors/bosch/debug.js';
import { toHex } from '../../../src/base/hex.js';
import { must } from '../../../src/base/problem.js';
import type { Message } from '../../../src/codec/sensor.js';
import { defineWords, number, plainFacts, taken, text, type Fact } from './words.js';

const word = (value: unknown): string =>
  String(value)
    .toLowerCase()
    .replace(/resets?|[^a-z]/g, '');
const causes: Readonly<Record<string, string>> = {
  systemrequest: 'request',
  poweron: 'power-on',
  externalpin: 'external-pin',
  others: 'other',
};
const cause = (value: unknown): Fact => causes[word(value)] ?? word(value);
const causeNumbers = ['unknown-0', 'watchdog', 'power-on', 'request', 'external-pin', 'lockup', 'brownout', 'other'];

/** What a usage is about, in their words and in ours: the message and the number by which it is asked for. */
const usages: readonly (readonly [theirs: RegExp, type: string, id: string])[] = [
  [/(status|state).?changes/i, 'usageStatusChanges', 'statusChanges'],
  [/occupied/i, 'usageOccupied', 'secondsOccupied'],
  [/uplink/i, 'usageFrames', 'framesByDataRate'],
  [/radar/i, 'usageRadar', 'radarTriggers'],
  [/since.?(restart|reset)/i, 'usageSinceRestart', 'secondsSinceRestart'],
  [/resets/i, 'usageResets', 'resets'],
  [/since.?install/i, 'usageSinceInstallation', 'secondsSinceInstallation'],
];
const usage = (value: unknown) => usages.find(([theirs]) => theirs.test(String(value)));

const types: readonly (readonly [theirs: RegExp, type: string])[] = [
  [/^(parking )?status$/i, 'status'],
  [/^heartbeat$/i, 'heartbeat'],
  [/^start_?up$/i, 'startup'],
  [/^debug$/i, 'debug'],
  [/urn$/i, 'urn'],
  [/firmware version$/i, 'firmware'],
  [/^temperature alert$/i, 'temperatureAlert'],
  [/usage request/i, 'requestUsage'],
  [/data ?rate conf/i, 'setDataRate'],
];
const type = (value: unknown): Fact =>
  types.find(([theirs]) => theirs.test(String(value)))?.[1] ?? usage(value)?.[1] ?? text(value);

const subjects = [
  'test mode',
  ...['join', 'acknowledged', 'watchdog', 'power-on', 'unknown', 'lockup', 'external', 'brown', 'recalibrating'],
  ...['already active', 'user configuration', 'communication', 'port', 'length', 'frame type', 'request'],
];
/** What a sentence about a debug code is about: theirs and ours say the same thing in different words. */
const gist = (sentence: unknown): Fact => {
  const said = text(sentence) as string;
  const port = /\(port (\d+)/.exec(said)?.[1];
  if (port === undefined || said.includes('test mode')) return subjects.find((one) => said.includes(one)) ?? said;
  const what = /length/.test(said) ? 'length' : /offset/.test(said) ? 'offset' : 'value';
  return `${what} ${port}${/adr (is )?on\b/.test(said) ? ' with ADR' : ''}`;
};

/** The ten bytes of a log record, which several decoders print as they are (some with the two reserved bytes behind). */
const record = (value: unknown): Fact => (text(value) as string).replace(/ /g, '').slice(0, 20);

const bytesOf = (message: Message): Uint8Array => {
  const side = model.commandTypes.includes(message.type) ? model.encodeCommand : model.encode;
  return must(side(message)).bytes;
};
/** The one number that a message is about. */
const valueOf = ({ statusChanges, occupiedS, radarTriggers, sinceRestartS, sinceInstallationS, dataRate }: Message) =>
  statusChanges ?? occupiedS ?? radarTriggers ?? sinceRestartS ?? sinceInstallationS ?? dataRate;

export default defineWords({
  vendor: 'Bosch',
  models: ['bosch-tps110'],
  modelOf: () => 'bosch-tps110',
  ignored: [
    [/^port$/, 'repeats the port on which the frame came'],
    [/^topic$/, 'the channel of akenza that takes the values, not what the frame is'],
    [/^(warm|occupiedOrWarm|minutesSinceLastOccupied|occupiedMinutes)$/, 'what akenza remembers of earlier frames'],
  ],
  words: [
    [/^(occupied|p_state|map_state|ParkingSpaceStatus|occupancy|occupancyStatus)$/i, 'occupied', taken],
    [/^(type|packet_type|message_type|command|usageType)$/, 'type', type],
    [/^temperature(_2)?$/i, 'temperatureC', number],
    [/^(firmware|firmware_?version|fwVersion|FirmwareInformation)$/i, 'firmware', String],
    [/^data\.reset_cause$/, 'causeNumber', number],
    [/^(reset_reason|reset_?cause)$/i, 'resetCause', cause],
    [/^debug_?codes?$/i, 'code', number],
    [/^debug_code_description$/, 'meaning', gist],
    [/^debug(Info)?$/, 'record', record],
    [/^sequence_number$/, 'sequence', number],
    [/^timestamp$/, 'uptimeS', number],
    [/^bytes$/, 'bytes', number],
    [/^devEUI$/, 'devEui', String],
    [/^productCode$/, 'productClass', (v) => (v === 'PLS' ? 1 : -1)],
    [/^variantCode$/, 'variant', number],
    [/^extension$/, 'region', (v) => String(v).toLowerCase()],
    [/^(dr\d)_sf\d+$/, '$1', number],
    [/^parking_status_changes$/, 'statusChanges', number],
    [/^time_in_(seconds|occupied_state_seconds)$/, 'value', number],
    [/^time_since_(restart_seconds|install)$/, 'value', number],
    [/^times_radar_triggered$/, 'radarTriggers', number],
    [/^(watchdog|lockup)$/, '$1', number],
    [/^software_requested$/, 'request', number],
    [/^power_on$/, 'powerOn', number],
    [/^external_pin$/, 'externalPin', number],
    [/^brown_out$/, 'brownout', number],
    [/^value$/, 'value', (v) => text(v)],
    [/^sub_command$/, 'what', (v) => usage(v)?.[2] ?? text(v)],
    [/^DataRateConfiguration$/, 'dataRate', (v) => String(v).slice(0, 3).toLowerCase()],
  ],
  facts(message) {
    const facts = plainFacts({ ...message, type: message.type.replace('Opaque', '') });
    const { resetCause, code } = message;
    if (typeof resetCause === 'string') {
      facts['resetCause'] = [resetCause.replace(/^unknown.*/, 'unknown')];
      facts['causeNumber'] = [causeNumbers.indexOf(resetCause)];
    }
    if (typeof code === 'number') facts['meaning'] = [gist(debugCodes.get(code)?.meaning)];
    if (/^(startup|debug)/.test(message.type)) facts['record'] = [toHex(bytesOf(message)).slice(0, 20)];
    if (message.type === 'urn') facts['bytes'] = [...bytesOf(message)];
    const value = valueOf(message);
    if (value !== undefined) facts['value'] = [value as Fact];
    return facts;
  },
});
