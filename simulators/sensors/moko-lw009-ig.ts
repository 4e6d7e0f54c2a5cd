import model from '../../devices/sensors/moko-lw009-ig.js';
import { magnetometer } from '../../src/sim/detection.js';
import { lw009 } from './moko/lw009.js';

/** MOKOSmart LW009-IG with protocol 10, which tells the battery in percent; it detects with its magnetometer alone. */
export default lw009({
  id: 'moko-lw009-ig',
  model,
  detection: magnetometer,
  protocolVersion: '10',
  radar: false,
  air: false,
  source: 'vendor codec (what a frame holds); when it sends, intervals, delays and tries assumed',
});
