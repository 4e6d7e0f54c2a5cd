import type { Example } from '../../src/codec/sensor.js';
import { r719 } from './netvox/r719.js';
import known from './netvox-r719a.examples.json' with { type: 'json' };

/** Netvox R719A: a radar in the road, device type 0x59. The frames and the decisions about them stand in `netvox/r719.ts`. */
export default r719({
  id: 'netvox-r719a',
  model: 'R719A',
  deviceType: 0x59,
  examples: known.examples as readonly Example[],
});
