import type { RxFrame } from '../lorawan/radio.js';
import type { SourceContext } from '../sources/define.js';
import type { CarPark } from './car-park.js';
import type { StateKey } from './delivery.js';
import type { Diary } from './diary.js';
import type { Metrics } from './metrics.js';
import type { GatewaySetup } from './setup.js';
import type { Storing } from './storing.js';

/** What the sources of a gateway are given. */
export const sourceContext = (of: {
  readonly setup: Pick<GatewaySetup, 'clock' | 'log' | 'gateways' | 'folder'>;
  readonly lots: CarPark;
  readonly meter: Metrics;
  readonly book: Diary;
  readonly disk: Storing;
  frame(rx: RxFrame): void;
  told(key: StateKey): void;
}): SourceContext => {
  const { setup, lots, meter, book, disk } = of;
  const { clock, log, gateways } = setup;
  return {
    ...{ clock, log, gateways, folder: setup.folder ?? process.cwd() },
    frame: of.frame,
    count({ atUs, ...said }) {
      const noted = lots.count({ ...said, atUs: atUs ?? lots.nowUs() });
      if (!noted) return undefined;
      return new Promise((resolve, reject) => {
        const batch = { memories: [], events: [], emissions: [], counters: [noted.saved] };
        const kept = (): void => {
          of.told(noted.key);
          resolve();
        };
        disk.keep(batch, kept, (error) => reject(error instanceof Error ? error : new Error(String(error))));
      });
    },
    // Sources log what they refuse themselves, sparsely: a flood of rubbish must not become a flood of lines.
    refused(why, fields) {
      meter.rubbish(why);
      book.refused(why, fields);
    },
    gateway(eui, now) {
      log(`gateway_${now}`, { gateway: eui });
      book.gateway(eui, now);
    },
  };
};
