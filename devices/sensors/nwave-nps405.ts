import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { constant, flag, hexBytes, int, personal, scaled, spare, uint } from '../../src/codec/parts.js';
import { reshape } from '../../src/codec/reshape.js';
import type { Example } from '../../src/codec/sensor.js';
import known from './nwave-nps405.examples.json' with { type: 'json' };
import {
  compressedMin,
  debug,
  debugReadings,
  g4Causes,
  occupancy,
  startupHead,
  startupReading,
  withMost,
} from './nwave/messages.js';

const celsius = scaled(int(8), { factor: 0.5, offset: 10, unit: '°C' });
/** A key fob or card with which a driver registers: who carries it can be told by it. */
const tag = personal(hexBytes(4));

/** How the vendor's codec judges a battery: in the cold a good one gives less. */
export const batteryHealth = (batteryV: number, temperatureC: number): 'normal' | 'low' | 'critical' => {
  const [normal, low] = temperatureC >= -5 ? [3, 2.9] : [2.9, 2.8];
  return batteryV >= normal ? 'normal' : batteryV >= low ? 'low' : 'critical';
};

/**
 * Nwave NPS405 (G4 SM on the surface, G4 FM flush): one format. A status tells as well how long the state before it
 * lasted; a heartbeat is the only message with battery and temperature.
 * Minimum and maximum temperature are taken to have the scale of the third (the vendor's codec does not read them). The codec
 * calls the low seven bits of a heartbeat's first byte a health status although its lowest bit is the occupancy, and the
 * guide calls them nothing: the six that remain are `errorBits` here, and a fault when one of them is set.
 * ThingsBoard reads the battery byte with a sign (2.32 V instead of 3.344 V); tags are unsigned, although the codec prints
 * those from 0x80000000 on with a minus. Commands are documented by Nwave, but not in public.
 */
export default defineSensor({
  id: 'nwave-nps405',
  vendor: 'Nwave',
  model: 'NPS405 (G4 SM, G4 FM)',
  source:
    'TheThingsNetwork/lorawan-devices vendor/nwave/nps405.js, thingsboard/data-converters VENDORS/Nwave/G4_NPS_*/guide.md',
  defaultFPort: 1,
  ports: {
    1: { status: withMost(layout({ previousLeastMin: compressedMin, occupied: flag })) },
    2: {
      heartbeat: layout({
        _spare: spare(1),
        errorBits: uint(6),
        occupied: flag,
        batteryV: scaled(uint(8), { factor: 0.004, offset: 2.5, unit: 'V' }),
        temperatureC: celsius,
        temperatureMinC: celsius,
        temperatureMaxC: celsius,
        _reserved: spare(2),
        meanCurrentUa: scaled(uint(6), { factor: 10, unit: 'µA' }),
      }),
    },
    3: { startup: layout({ ...startupHead(g4Causes), ...occupancy }) },
    6: { debug },
    10: {
      // The lowest bit of the first byte decides whether it is a status at all.
      userTag: withMost(
        reshape(layout({ previousLeastMin: compressedMin, _occupied: constant(1, 1), tag }), {
          to: (message) => ({ ...message, occupied: true as const }),
          from: ({ occupied, ...message }) => ((occupied as unknown) === true ? message : undefined),
          takes: 'occupied: true; a tag without a state is a userTagOnly',
        }),
      ),
      userTagOnly: layout({ _spare: spare(7), _free: constant(1, 0), tag }),
    },
  },
  toReadings(message) {
    switch (message.type) {
      case 'status':
      case 'userTag':
        return [{ occupied: message.occupied }];
      case 'heartbeat': {
        const { occupied, batteryV, temperatureC, errorBits } = message;
        const batteryLow = batteryHealth(batteryV, temperatureC) !== 'normal';
        const fault = errorBits === 0 ? {} : { fault: `hardware-error-${errorBits}` };
        return [{ occupied, batteryV, batteryLow, temperatureC, ...fault }];
      }
      case 'startup':
        return [{ occupied: message.occupied, ...startupReading(message) }];
      case 'debug':
        return debugReadings(message);
      case 'userTagOnly':
        return [];
    }
  },
  identifiers: (message) => (message.type === 'userTag' || message.type === 'userTagOnly' ? [message.tag] : []),
  examples: known.examples as readonly Example[],
});
