import type { Us } from '../base/time.js';
import type { Truth, TruthBay, TruthGateway } from '../parking/truth.js';
import { scorer, type Score, type Seen } from './score.js';

/** A score with what its report draws. */
export interface ScoreBook {
  readonly score: Score;
  /** Taken bays every so often: in truth, and in the view. */
  readonly series: readonly { readonly us: Us; readonly taken: number; readonly seen: number }[];
  /** Frames by spreading factor and by the distance of the sensor from its nearest gateway, in steps of `stepM`. */
  readonly delivery: readonly {
    readonly sf: number;
    readonly step: number;
    readonly sent: number;
    readonly heard: number;
  }[];
  readonly stepM: number;
  readonly bays: readonly (TruthBay & { readonly right: number })[];
  readonly gateways: readonly TruthGateway[];
}

export interface ScoreWriter {
  truth(what: Truth): void;
  view(us: Us, bay: string, seen: Seen): void;
  /** The newest instant that was told. */
  readonly nowUs: Us;
  end(): ScoreBook | undefined;
}

const everyUs = 15 * 60_000_000;
const stepM = 100;
const mostSeries = 20_000;

/** Takes the truth and a view of it, together in the order of time; undefined at the end when the truth has no bays. */
export const scoreWriter = (): ScoreWriter => {
  const bays = new Map<string, TruthBay>();
  const gateways: TruthGateway[] = [];
  const series: ScoreBook['series'][number][] = [];
  const delivery = new Map<string, { sf: number; step: number; sent: number; heard: number }>();
  const distances = new Map<string, number>();
  let keeper: ReturnType<typeof scorer> | undefined;
  let nowUs = 0;
  let nextUs = 0;

  const distanceOf = (bay: string): number => {
    const known = distances.get(bay);
    if (known !== undefined) return known;
    const place = bays.get(bay);
    const metres = place ? Math.min(...gateways.map((gateway) => metresFrom(place, gateway))) : 0;
    distances.set(bay, metres);
    return metres;
  };
  const reach = (us: Us): void => {
    nowUs = Math.max(nowUs, us);
    if (!keeper) return;
    for (; nextUs <= nowUs && series.length < mostSeries; nextUs += everyUs) series.push({ us: nextUs, ...keeper.now });
  };

  return {
    get nowUs() {
      return nowUs;
    },
    truth(what) {
      if (what.kind === 'gateway') return void gateways.push(what.gateway);
      if (what.kind === 'bay') {
        if (!keeper) {
          keeper = scorer(what.us);
          nextUs = what.us + everyUs;
          nowUs = what.us;
        }
        const { bay, lot, present } = what.bay;
        if (bays.has(bay)) return;
        bays.set(bay, what.bay);
        return keeper.bay(bay, lot, present);
      }
      reach(what.us);
      if (what.kind === 'car') return keeper?.car(nowUs, what.bay, what.present);
      if (what.kind !== 'sent') return;
      keeper?.sent(nowUs, what.bay, what);
      const step = Math.floor(distanceOf(what.bay) / stepM);
      const key = `${what.sf} ${step}`;
      const cell = delivery.get(key) ?? { sf: what.sf, step, sent: 0, heard: 0 };
      delivery.set(key, cell);
      cell.sent++;
      if (what.heardBy > 0) cell.heard++;
    },
    view(us, bay, seen) {
      reach(us);
      keeper?.view(nowUs, bay, seen);
    },
    end() {
      if (!keeper) return undefined;
      const score = keeper.end(nowUs);
      const { rightOf } = keeper;
      return {
        score,
        series,
        delivery: [...delivery.values()].sort((a, b) => a.sf - b.sf || a.step - b.step),
        stepM,
        bays: [...bays.values()].map((bay) => ({ ...bay, right: rightOf.get(bay.bay) ?? 0 })),
        gateways,
      };
    },
  };
};

const metresFrom = (
  a: { readonly lat: number; readonly lon: number },
  b: { readonly lat: number; readonly lon: number },
): number => {
  const x = (b.lon - a.lon) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(x, b.lat - a.lat) * 111_195;
};
