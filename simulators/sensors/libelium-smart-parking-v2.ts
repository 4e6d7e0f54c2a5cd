import model from '../../devices/sensors/libelium-smart-parking-v2.js';
import { magneticNode } from './libelium/magnetic.js';

/** Libelium Smart Parking, firmware 2.x: frames of 11 bytes; a downlink frame acknowledges an answer (assumed by its name). */
export default magneticNode({
  id: 'libelium-smart-parking-v2',
  model,
  source:
    'Libelium Smart Parking user manual (sampling, keep-alive, daily frame, answers); bounce, clock and unconfirmed frames assumed',
  temperature: (celsius) => ({ temperatureC: Math.round(celsius) }),
  tails: { info: { reserved: '00' }, dailyUpdate: { reserved: '00' } },
  batteryInInfo: true,
  receipt: 'downlink',
});
