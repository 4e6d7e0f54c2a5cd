import bosch from '../devices/sensors/bosch-tps110.js';
import { must } from '../src/base/problem.js';
import { openJournal } from '../src/gateway/journal.js';
import type { Store } from '../src/gateway/store.js';
import { aesKey } from '../src/lorawan/aes.js';
import { sealData } from '../src/lorawan/frame.js';
import type { RxFrame } from '../src/lorawan/radio.js';
import type { Device } from '../src/network/device.js';
import { viewAfterJoin } from '../src/network/mac-view.js';
import { registry } from '../src/network/registry.js';
import type { NetworkSettings } from '../src/network/settings.js';

const key = new Uint8Array(16).fill(7);
export const benchGateway = '0253544b42454e43';

const baysOfStreet = 50;

/** A personalised sensor. */
export const benchDevice = (n: number): Device => ({
  devEui: n.toString(16).padStart(16, '0'),
  name: `d${n}`,
  bay: `bay-${n}`,
  lot: `street-${Math.floor(n / baysOfStreet)}`,
  lorawan: '1.0.3',
  activation: { kind: 'abp', devAddr: n, nwkSKey: key, appSKey: key },
  model: bosch,
  options: {},
});

/** Sealed frames of these sensors in turn, each a change, with counters from `from` on. */
export const benchFrames = (
  count: number,
  how: { readonly devices: number; readonly from: number; readonly nowUs: number },
): readonly RxFrame[] => {
  const aes = aesKey(key);
  return Array.from({ length: count }, (_, i) => {
    const fCnt = how.from + Math.floor(i / how.devices);
    const keys = { nwkSKey: aes, appSKey: aes };
    return {
      phy: sealData({
        ...{ uplink: true, confirmed: false, devAddr: i % how.devices, fCnt, fPort: 1, ...keys },
        payload: Uint8Array.of(fCnt & 1),
      }),
      atUs: how.nowUs,
      gateway: benchGateway,
      tmst: how.nowUs % 2 ** 32,
      freqHz: 868_100_000,
      dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
      codingRate: '4/5',
      rssiDbm: -90,
      snrDb: 7,
      crc: 'ok',
    };
  });
};

/** A store on disk that knows these sensors as a network does that has spoken with them. */
export const benchStore = async (
  folder: string,
  devices: readonly Device[],
  settings: NetworkSettings,
): Promise<Store> => {
  const known = registry(devices, []);
  const memories = [...known.entries()].map(({ memory }) => memory);
  for (const { session } of memories) session!.view = viewAfterJoin(settings);
  const first = must(await openJournal(folder));
  await first.commit({ memories, events: [], emissions: [] });
  await first.close();
  return must(await openJournal(folder));
};
