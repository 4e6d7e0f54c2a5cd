import type { Example } from '../../src/codec/sensor.js';
import { r719 } from './netvox/r719.js';
import known from './netvox-r719b.examples.json' with { type: 'json' };

/** Netvox R719B: the R719A's frames under device type 0xAF; see `netvox/r719.ts`. */
export default r719({
  id: 'netvox-r719b',
  model: 'R719B',
  deviceType: 0xaf,
  examples: known.examples as readonly Example[],
});
