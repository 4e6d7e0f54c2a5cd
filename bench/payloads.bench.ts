import { readFileSync } from 'node:fs';
import adnexo from '../devices/sensors/adnexo-ax-dist.js';
import bosch from '../devices/sensors/bosch-tps110.js';
import dingtek from '../devices/sensors/dingtek-do201.js';
import moko from '../devices/sensors/moko-lw009-sm-pro.js';
import netvox from '../devices/sensors/netvox-r719a.js';
import nwave from '../devices/sensors/nwave-nps405.js';
import { hex } from '../src/base/hex.js';
import { must } from '../src/base/problem.js';
import type { SensorModel } from '../src/codec/sensor.js';
import { foreignSensor } from '../src/codec/ts013.js';
import { openSandbox } from '../src/io/sandbox.js';
import { perSecond, type Bench } from './bench.js';

/** Real payloads of fixed layouts, from 1 byte to 24, as a mixed street sends them: the examples of six models. */
const street = [bosch, nwave, netvox, dingtek, moko, adnexo].flatMap((model) =>
  model.examples
    .filter(({ direction, options }) => direction !== 'downlink' && options === undefined)
    .map(({ fPort, hex: text }) => ({ model, fPort, bytes: hex(text) })),
);

const payload = hex('010bb8f6');
let foreign: SensorModel;
let decoded = 0;

const bench: Bench = {
  id: 'payloads',
  what: 'decode payloads of fixed layouts to messages, a mix of six models (aim: a million a second)',
  peer: 'a codec of LoRaWAN TS013 in our sandbox, one model',
  unit: 'payloads/s',
  floor: 50,
  async setup() {
    const file = new URL('../../../test/codecs/bay-guard.js', import.meta.url);
    const engine = must(await openSandbox({ source: readFileSync(file, 'utf8'), file: 'bay-guard.js' }));
    const said = { id: 'bay-guard', vendor: 'test', model: 'bay guard', source: 'test/codecs/bay-guard.js' };
    foreign = foreignSensor({ ...said, defaultFPort: 1, map: { reading: {} }, engine });
    must(foreign.decode(2, payload));
  },
  round({ sideMs }) {
    const ours = (): number =>
      perSecond(
        (i) => {
          const { model, fPort, bytes } = street[i % street.length]!;
          if (model.decode(fPort, bytes).ok) decoded++;
        },
        { forMs: sideMs, batch: 1_000 },
      );
    const peer = (): number =>
      perSecond((i) => void foreign.decode(2, payload, { heardUs: i }), { forMs: sideMs, batch: 10 });
    return { ours: ours(), peer: peer() };
  },
  teardown() {
    if (decoded === 0) throw new RangeError('nothing was decoded');
    return Promise.resolve();
  },
};
export default bench;
