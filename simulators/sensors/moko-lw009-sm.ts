import model from '../../devices/sensors/moko-lw009-sm.js';
import { dualSensor } from '../../src/sim/detection.js';
import { lw009 } from './moko/lw009.js';

/** MOKOSmart LW009-SM with protocol 11, which tells the battery in millivolts. */
export default lw009({
  id: 'moko-lw009-sm',
  model,
  detection: dualSensor,
  protocolVersion: '11',
  radar: true,
  air: true,
  source: 'captures in the vendor codec (what a frame holds); when it sends, intervals, delays and tries assumed',
});
