import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commonStates, lw009Port, lw009Readings } from './moko/lw009.js';
import known from './moko-lw009-sm.examples.json' with { type: 'json' };

/**
 * MOKOSmart LW009-SM (also Turbo TBS-223): magnetometer and radar on the surface, with a thermometer and a hygrometer.
 * The vendor codec reads magnetic axes and temperature without a sign; we read two's complement: its own captures have axes
 * of F01D F040 FD6F, a weak field below zero, and a -5 °C would be 251 °C.
 * State 10 is the failed magnetometer here, while the LW009-IG says that with 0F and has another 10. The byte table gives
 * 0F to a magnetometer as well; the vendor's codec for this model does not name it.
 */
export default defineSensor({
  id: 'moko-lw009-sm',
  vendor: 'MOKOSmart',
  model: 'LW009-SM',
  source: 'LoRaWAN-Product-Decoder/MOKOSMART-LoRaWAN-Product-Decoder LW009/LW009-SM (vendor codecs and captures)',
  defaultFPort: 1,
  ports: {
    1: lw009Port({
      ...commonStates,
      'magnetometer-fault': 0x0f,
      'magnetometer-failed': 0x10,
    }),
  },
  toReadings: (message, { heardUs }) => lw009Readings(message, heardUs),
  examples: known.examples as readonly Example[],
});
