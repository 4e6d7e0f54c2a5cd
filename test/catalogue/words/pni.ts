import type { LppItem } from '../../../src/codec/cayenne.js';
import { defineWords, number, plainFacts, taken, type Fact } from './words.js';

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

export default defineWords({
  vendor: 'PNI',
  models: ['pni-placepod'],
  modelOf: () => 'pni-placepod',
  ignored: [],
  words: [
    [/^(presence_(21|55)|parking_status|occupied|p_state)$/i, 'occupied', taken],
    [/^temperature(_2)?$/i, 'temperatureC', number],
    [/^(battery|batteryVoltage|analog_input_3)$/i, 'batteryV', number],
    [/^(vehicle_?count|digital_input_33)$/i, 'count', number],
    [/^digital_input_5$/, 'errorRegister', number],
    [/^digital_input_6$/, 'state', number],
    [/^(recalibrated|recalibrate_success|recalibrateResponse)$/i, 'recalibrated', taken],
    [/^(deactivated|deactivate_response|deactivate)$/i, 'deactivated', (v) => v === 'done' || taken(v)],
    [/^reboot_response$/, 'rebooted', taken],
    [/^unparseable$/, 'rest', (v) => String(v).toLowerCase()],
  ],
  facts(message) {
    const facts = plainFacts(message);
    for (const { channel, type, value } of (message['items'] ?? []) as LppItem[]) {
      const [fact, read] = itemFacts[`${channel}/${type}`]!;
      (facts[fact] ??= []).push(read(value as number));
    }
    return facts;
  },
});
