import model from '../../devices/sensors/libelium-smart-parking-v1.js';
import { magneticNode } from './libelium/magnetic.js';

/** Libelium Smart Parking, firmware 1.x: frames of 12 bytes, raw temperature, battery in the first start frame only. */
export default magneticNode({
  id: 'libelium-smart-parking-v1',
  model,
  source:
    'Libelium Smart Parking user manual (sampling, keep-alive, daily frame, answers); bounce, clock and unconfirmed frames assumed',
  // The formula is not public as text: eight steps per degree around 25 °C are usual for such a chip (assumed).
  temperature: (celsius) => ({ temperatureRaw: Math.round(8 * (celsius - 25)) }),
  tails: { info: { reserved: '0000' }, dailyUpdate: { reserved: '0000' }, start2: { reserved: '00' } },
  batteryInInfo: false,
});
