import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { restBytes } from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import known from './nwave-nps310.examples.json' with { type: 'json' };
import { occupancy, startupHead, startupReading } from './nwave/messages.js';

const causes = { watchdog: 1, 'power-on': 2, request: 3, brownout: 4, other: 5 } as const;

/**
 * Nwave NPS310-SM, the third generation: one bit, and a start-up message. What its debug messages mean is not public, nor
 * are its commands; battery and temperature are in none of its messages.
 */
export default defineSensor({
  id: 'nwave-nps310',
  vendor: 'Nwave',
  model: 'NPS310-SM',
  source: 'TheThingsNetwork/lorawan-devices vendor/nwave/nps310sm.js',
  defaultFPort: 1,
  ports: {
    1: { status: layout(occupancy) },
    2: { heartbeat: layout(occupancy) },
    3: { startup: layout({ ...startupHead(causes), ...occupancy }) },
    6: { debug: layout({ record: restBytes }) },
  },
  toReadings(message) {
    switch (message.type) {
      case 'status':
      case 'heartbeat':
        return [{ occupied: message.occupied }];
      case 'startup':
        return [{ occupied: message.occupied, ...startupReading(message) }];
      default:
        return [];
    }
  },
  examples: known.examples as readonly Example[],
});
