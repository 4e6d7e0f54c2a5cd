import { labels } from '../base/sentences/labels.js';
import { isoFromUs, spanText, type Us } from '../base/time.js';
import type { ParkingEvent } from '../parking/event.js';
import { answersText, ledgerText, type AnswerFigures, type LedgerFigures } from './ledger.js';
import { textTable } from './table.js';

/** What a lot shows on its sign. */
export interface LotFigures {
  readonly lot: string;
  readonly bays: number;
  readonly free: number;
  readonly taken: number;
  readonly unknown: number;
}

/** All that the live view of a city shows. */
export interface CityFigures {
  readonly title: string;
  readonly nowUs: Us;
  readonly speed: number;
  readonly runningMs: number;
  readonly lots: readonly LotFigures[];
  readonly ledger: LedgerFigures;
  readonly answers: AnswerFigures;
  readonly copies: number;
  readonly downlinks: Readonly<Record<string, number>>;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly broker: string;
  readonly connected: boolean;
  readonly delivered: number;
  readonly waiting: number;
  readonly dropped: number;
  readonly tryLine: string;
  readonly latest: readonly ParkingEvent[];
}

const clockText = (us: Us): string => isoFromUs(us).slice(0, 19).replace('T', ' ');

/** `07:41:03 og-12 occupied  -97 dBm, 2 gateways, bosch-tps110`: one event as one line. */
export const eventLine = (event: ParkingEvent): string => {
  const state = event.kind === 'confirmed' ? (event.occupied ? 'still occupied' : 'still free') : event.kind;
  const radio = event.radio
    ? `${event.radio.rssiDbm} dBm, ${event.radio.gateways} gateway${event.radio.gateways === 1 ? '' : 's'}, `
    : '';
  const flags = event.quality.length > 0 ? `  [${event.quality.join(' ')}]` : '';
  return `${isoFromUs(event.sensorTimeUs).slice(11, 19)}  ${event.bay.padEnd(8)} ${state.padEnd(14)} ${radio}${event.model}${flags}`;
};

/** The numbers of all lots in one row. */
const together = (lots: readonly LotFigures[]): LotFigures =>
  lots.reduce(
    (all, lot) => ({
      lot: labels.all,
      bays: all.bays + lot.bays,
      free: all.free + lot.free,
      taken: all.taken + lot.taken,
      unknown: all.unknown + lot.unknown,
    }),
    { lot: labels.all, bays: 0, free: 0, taken: 0, unknown: 0 },
  );

/** `oberer-graben 9 free of 24`: the lots in one line. */
export const lotsLine = (lots: readonly LotFigures[]): string =>
  lots
    .map(
      ({ lot, free, bays, unknown }) =>
        `${lot} ${free} ${labels.free}${unknown > 0 ? ` (${unknown} ${labels.unknown})` : ''} / ${bays}`,
    )
    .join(', ');

/** The whole live view, line by line, without colours. */
export const cityView = (figures: CityFigures): readonly string[] => {
  const { ledger, lots } = figures;
  const rows = [...lots, together(lots)].map((lot) => [
    lot.lot,
    ...[lot.bays, lot.free, lot.taken, lot.unknown].map(String),
  ]);
  const downlinks = Object.entries(figures.downlinks).map(([verdict, count]) => `${verdict} ${count}`);
  return [
    `${figures.title}`,
    `${clockText(figures.nowUs)} UTC ${labels.simulated}, ${figures.speed} ${labels.speed}, ${labels.running} ${spanText(figures.runningMs)}`,
    '',
    ...textTable([[labels.lot, labels.bays, labels.free, labels.taken, labels.unknown], ...rows], {
      indent: '  ',
      right: [1, 2, 3, 4],
    }),
    '',
    `${labels.uplinks}    ${ledgerText(ledger)}`,
    `           ${labels.heard} ${ledger.heard}, ${labels.copies} ${figures.copies}`,
    `${labels.downlinks}  ${downlinks.join(', ') || '0'}`,
    `           ${answersText(figures.answers)}`,
    `${labels.events}     ${figures.events} (${figures.eventsPerSecond.toFixed(1)}${labels.perSecond}), ${labels.delivered} ${figures.delivered}, ${labels.waiting} ${figures.waiting}${figures.dropped > 0 ? `, ${labels.dropped} ${figures.dropped}` : ''}`,
    `${labels.broker}     ${figures.broker}${figures.connected ? '' : ` (${labels.waitingForBroker})`}`,
    `${labels.try}        ${figures.tryLine}`,
    '',
    ...figures.latest.map((event) => `  ${eventLine(event)}`),
  ];
};
