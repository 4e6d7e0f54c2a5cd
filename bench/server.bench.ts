import bosch from '../devices/sensors/bosch-tps110.js';
import { climb, ladder, type LadderOut, type LadderState } from '../src/ladder/ladder.js';
import { sealData } from '../src/lorawan/frame.js';
import type { RxFrame } from '../src/lorawan/radio.js';
import { eu868 } from '../src/lorawan/regions/eu868.js';
import type { Device } from '../src/network/device.js';
import { viewAfterJoin } from '../src/network/mac-view.js';
import { registry, type Registry } from '../src/network/registry.js';
import { usualNetwork } from '../src/network/settings.js';
import type { Bench } from './bench.js';

const sensors = 2_000;
const each = 20;
const gateways = ['0253544b47570001', '0253544b47570002'];
const keyOf = (n: number): Uint8Array => new Uint8Array(16).fill(n & 255).fill(n >> 8, 8);

const devices: readonly Device[] = Array.from({ length: sensors }, (_, n) => ({
  devEui: `02${n.toString(16).padStart(14, '0')}`,
  name: `bay-${n}`,
  bay: `bay-${n}`,
  lot: 'lot',
  lorawan: '1.0.4',
  activation: { kind: 'abp', devAddr: 0x0100_0000 + n, nwkSKey: keyOf(n), appSKey: keyOf(n + 7) },
  model: bosch,
  options: bosch.defaults,
}));

/** Uplinks of a town, sealed beforehand, each heard by two gateways. */
const uplinks: RxFrame[] = [];
const seal = (known: Registry): void => {
  for (let fCnt = 0; fCnt < each; fCnt++)
    for (const { memory } of known.entries()) {
      const { devAddr, nwkSKey, appSKey } = memory.session!;
      const payload = Uint8Array.of(fCnt & 1);
      const phy = sealData({
        uplink: true,
        confirmed: false,
        adr: true,
        devAddr,
        fCnt,
        fPort: 1,
        payload,
        nwkSKey,
        appSKey,
      });
      const atUs = 1_780_000_000_000_000 + uplinks.length * 5_000;
      for (const gateway of gateways)
        uplinks.push({
          phy,
          atUs,
          gateway,
          tmst: atUs % 2 ** 32,
          freqHz: 868_100_000,
          dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
          rssiDbm: -100,
          snrDb: 3,
          crc: 'ok',
        });
    }
};

const settings = { ...usualNetwork(eu868), statusEveryMs: 0, simulated: true };
let events = 0;
const out: LadderOut = { copy: () => undefined, batch: (batch) => void (events += batch.events.length) };

export default {
  id: 'server',
  what: 'uplinks through the network server from memory: two copies each, MIC, decrypt, codec, parking event, ADR',
  peer: 'the aim: 100 000 uplinks a second on one core',
  unit: 'uplinks/s',
  floor: 1,
  setup() {
    seal(registry(devices));
    return Promise.resolve();
  },
  round() {
    const known = registry(devices);
    // Devices that have joined: they know their channels, and nothing has to be said to them.
    for (const { memory } of known.entries()) memory.session!.view = viewAfterJoin(settings);
    const state: LadderState = ladder(settings, known);
    events = 0;
    const began = performance.now();
    for (const rx of uplinks) {
      if (state.dedup.open.length > 0) climb(state, { kind: 'tick', atUs: rx.atUs }, out);
      climb(state, { kind: 'frame', rx }, out);
    }
    climb(state, { kind: 'flush', atUs: uplinks.at(-1)!.atUs }, out);
    const spentS = (performance.now() - began) / 1000;
    if (events !== sensors * each) throw new Error(`${events} events of ${sensors * each} uplinks`);
    return { ours: events / spentS, peer: 100_000 };
  },
} satisfies Bench;
