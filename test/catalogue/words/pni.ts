import model from '../../../devices/sensors/pni-placepod.js';
import { lppTypes, type LppItem } from '../../../src/codec/cayenne.js';
import { toHex } from '../../../src/base/hex.js';
import { must } from '../../../src/base/problem.js';
import { defineWords, number, plainFacts, taken, text, type Fact } from './words.js';

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
const typeNumbers = new Map(Object.entries(lppTypes).map(([type, { name }]) => [name, Number(type)]));

export default defineWords({
  vendor: 'PNI',
  models: ['pni-placepod'],
  modelOf: () => 'pni-placepod',
  ignored: [
    [/^topic$/, 'the channel of akenza that takes the values, not what the frame is'],
    [/^(warm|occupiedOrWarm|minutesSinceLastOccupied|occupiedMinutes)$/, 'what akenza remembers of earlier frames'],
  ],
  words: [
    [/^(presence_(21|55)|parking_status|parking_status_name|occupied|occupancy|occupancyStatus)$/i, 'occupied', taken],
    [/^temperature(_2)?$/i, 'temperatureC', number],
    [/^(battery|batteryVoltage|analog_input_3)$/i, 'batteryV', number],
    [/^(vehicle_?count|digital_input_33)$/i, 'count', number],
    [/^digital_input_5$/, 'errorRegister', number],
    [/^digital_input_6$/, 'state', number],
    [/^(recalibrated|recalibrate_success|recalibrateResponse)$/i, 'recalibrated', taken],
    [/^(deactivated|deactivate_response|deactivate)$/i, 'deactivated', (v) => v === 'done' || taken(v)],
    [/^reboot_response$/, 'rebooted', taken],
    [/^RecalibrationOrReboot$/, 'startedAnew', taken],
    // ZENNER: whether there was one, not what it said.
    [/^keep_alive$/, 'keepAlive', taken],
    [/^unparseable$/, 'rest', text],
    [/^hex$/, 'frame', text],
    [/^lppDecode\.channel$/, 'channel', number],
    [/^lppDecode\.type$/, 'itemType', number],
    [/^lppDecode\.name$/, 'itemName', (v) => text(v)],
    [/^lppDecode\.value$/, 'itemValue', number],
  ],
  facts(message) {
    const facts = plainFacts(message);
    const tell = (fact: string, value: Fact): void => void (facts[fact] ??= []).push(value);
    for (const { channel, type, value } of (message['items'] ?? []) as LppItem[]) {
      const [fact, read] = itemFacts[`${channel}/${type}`]!;
      tell(fact, read(value as number));
      if (channel === 55) facts['keepAlive'] = [true];
      if (fact === 'count') facts['startedAnew'] = [(value as number) >= 0x80];
      tell('channel', channel);
      tell('itemType', typeNumbers.get(type)!);
      tell(
        'itemName',
        type.replace(/[A-Z]/, (capital) => `_${capital.toLowerCase()}`),
      );
      tell('itemValue', value as number);
    }
    const { rest, ...understood } = message;
    facts['frame'] = [toHex(must(model.encode(understood as typeof message)).bytes) + String(rest ?? '')];
    return facts;
  },
});
