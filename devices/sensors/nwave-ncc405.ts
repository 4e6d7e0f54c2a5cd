import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { scaled, spare, uint } from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import known from './nwave-ncc405.examples.json' with { type: 'json' };
import { debug, debugReadings, g4Causes, startupHead, startupReading } from './nwave/messages.js';

const byCodec = scaled(uint(8), { factor: 0.004, offset: 2.5, unit: 'V' });
const byGuide = scaled(uint(8), { factor: 0.005, offset: 2.4, unit: 'V' });

/**
 * Nwave NCC405 (G4 NCC), a counter of cars. The counter is 16 bits wide and starts at zero after each restart whose cause
 * is not "rejoin".
 * The battery's scale is in dispute. Nwave's codec in the device repository has 2500+4X mV and seven error bits; a guide of
 * Nwave's, copied by ThingsBoard, has 2400+5X mV and five. The codec is followed unless the device's option `batteryScale`
 * says "guide": it is what Nwave itself publishes with examples, the sister model NPS405 has its scale in codec and guide
 * alike, and its published example has an error bit set (A8, bit 5) that the guide calls reserved. The two agree at 2.9 V and
 * are 0.155 V apart at the upper end.
 */
export default defineSensor({
  id: 'nwave-ncc405',
  vendor: 'Nwave',
  model: 'NCC405 (G4 NCC)',
  source:
    'TheThingsNetwork/lorawan-devices vendor/nwave/ncc405.js, thingsboard/data-converters VENDORS/Nwave/G4_NCC_*/guide.md',
  defaultFPort: 1,
  options: z.strictObject({
    batteryScale: z
      .enum(['codec', 'guide'])
      .optional()
      .describe('Which of two published scales its battery has: 2500+4X mV (codec) or 2400+5X mV; default: codec'),
  }),
  only: (type, { batteryScale }) => (batteryScale === 'guide' ? type !== 'heartbeat' : type !== 'heartbeatByGuide'),
  ports: {
    1: { count: layout({ count: uint(16) }) },
    2: {
      heartbeat: layout({ _spare: spare(1), errorBits: uint(7), batteryV: byCodec, batteryMeanV: byCodec }),
      heartbeatByGuide: layout({ _spare: spare(3), errorBits: uint(5), batteryV: byGuide, batteryMeanV: byGuide }),
    },
    3: { startup: layout(startupHead(g4Causes)) },
    6: { debug },
  },
  toReadings(message) {
    switch (message.type) {
      case 'count':
        return [{ count: message.count }];
      case 'heartbeat':
      case 'heartbeatByGuide': {
        const { batteryV, errorBits } = message;
        return [{ batteryV, ...(errorBits !== 0 && { fault: `hardware-error-${errorBits}` }) }];
      }
      case 'startup':
        return [startupReading(message)];
      case 'debug':
        return debugReadings(message);
    }
  },
  examples: known.examples as readonly Example[],
});
