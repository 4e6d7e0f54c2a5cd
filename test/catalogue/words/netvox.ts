import { defineWords, number, plainFacts, taken, text, type Vector } from './words.js';

/** Byte 1 is the device type; the vendor decodes both models with one program. */
const modelOf = ({ bytesHex }: Vector): string => (/^..af/i.test(bytesHex ?? '') ? 'netvox-r719b' : 'netvox-r719a');

const commands: Readonly<Record<string, string>> = {
  ConfigReportReq: 'setConfiguration',
  ConfigReportRsp: 'configurationSet',
  ReadConfigReportReq: 'requestConfiguration',
  ReadConfigReportRsp: 'configuration',
};

export default defineWords({
  vendor: 'Netvox',
  models: ['netvox-r719a', 'netvox-r719b'],
  modelOf,
  ignored: [[/^Device$/, 'the name of the model, which the test of the device type byte in netvox.test.ts compares']],
  words: [
    [/^Cmd$/, 'type', (v) => commands[String(v)] ?? String(v)],
    [/^SWver$/, 'softwareVersion', number],
    [/^HWver$/, 'hardwareVersion', number],
    [/^Datecode$/, 'dateCode', String],
    // "3.2(low battery)": the number and the warning in one.
    [/^Volt$/, 'volt', String],
    [/^CarOnOff$/, 'occupied', taken],
    [/^Status$/, 'status', text],
    [/^MinTime$/, 'minTimeS', number],
    [/^MaxTime$/, 'maxTimeS', number],
    [/^BatteryChange$/, 'batteryChangeV', number],
  ],
  facts(message) {
    const facts = plainFacts(message);
    const { batteryV, batteryLow, status } = message;
    if (typeof batteryV === 'number') facts['volt'] = [`${batteryV}${batteryLow === true ? '(low battery)' : ''}`];
    // Every number but 0 is a failure to the vendor.
    if (message.type === 'configurationSet') facts['status'] = [status === 'success' ? 'success' : 'failure'];
    return facts;
  },
});
