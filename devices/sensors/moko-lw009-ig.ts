import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commonStates, lw009Port, lw009Readings } from './moko/lw009.js';
import known from './moko-lw009-ig.examples.json' with { type: 'json' };

/**
 * MOKOSmart LW009-IG (also Turbo TBS-220), sunk into the ground: the frame of the LW009-SM. The vendor codec for it reads
 * at fixed places, takes the low byte of Y from Z, forgets the signs and adds 1 to the heartbeat before it multiplies: we
 * read tags wherever they stand, two's complement as for the LW009-SM, and 30 s per unit as the newer vendor codec does.
 * State 0F is a failed magnetometer whose chip still answers, 10 one whose chip does not: the LW009-SM numbers them
 * otherwise.
 */
export default defineSensor({
  id: 'moko-lw009-ig',
  vendor: 'MOKOSmart',
  model: 'LW009-IG',
  source: 'LoRaWAN-Product-Decoder/MOKOSMART-LoRaWAN-Product-Decoder LW009/LW009-IG (vendor codecs)',
  defaultFPort: 1,
  ports: {
    1: lw009Port({
      ...commonStates,
      'magnetometer-failed': 0x0f,
      'magnetometer-unreadable': 0x10,
    }),
  },
  toReadings: (message, { heardUs }) => lw009Readings(message, heardUs),
  examples: known.examples as readonly Example[],
});
