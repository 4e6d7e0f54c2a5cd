import { spanText } from '../base/time.js';
import type { Score } from './score.js';
import { textTable } from './table.js';

const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(2)} %`);
const ms = (value: number | null): string =>
  value === null ? '-' : value < 1_000 ? `${Math.round(value)} ms` : spanText(Math.round(value / 1_000) * 1_000);
const byCount = (of: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(of).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));

/** Rows of name, value, and what it means: the same for a terminal and for a report. */
export const scoreRows = (score: Score): readonly (readonly [name: string, value: string, meaning: string])[] => {
  const { time, changes, latency, episodes, frames } = score;
  return [
    ['right', percent(time.right), 'of all bay-time the view showed the truth'],
    ['false occupied', percent(time.falseOccupied), 'shown as taken, and free'],
    ['false free', percent(time.falseFree), 'shown as free, and taken: where drivers are sent in vain'],
    ['unknown', percent(time.unknown), 'shown as neither'],
    ['changes', String(changes.total), 'cars that came or left'],
    ['reported', String(changes.reported), 'shown before the next change'],
    ['missed', String(changes.missed), 'never shown'],
    ['unneeded', String(changes.unneeded), 'the change before was missed as well, so the view was right again'],
    ['open', String(changes.open), 'not yet shown at the end'],
    ['latency p50', ms(latency.p50Ms), 'from a change to the view that shows it'],
    ['latency p95', ms(latency.p95Ms), ''],
    ['latency p99', ms(latency.p99Ms), ''],
    ['latency most', ms(latency.mostMs), ''],
    [
      'turned false',
      `${episodes.falseOccupied} / ${episodes.falseFree}`,
      'times the view became false occupied / free',
    ],
    ...score.predictiveFree.map(
      ({ occupancy, value, bayHours }) =>
        [
          occupancy === 0 ? 'free is free' : `... at ${Math.round(occupancy * 100)} % taken`,
          percent(value),
          `of ${bayHours.toFixed(1)} bay-hours that were shown as free`,
        ] as const,
    ),
    ...byCount(score.causes).map(([why, count]) => [`missed: ${why}`, String(count), ''] as const),
    ['frames', `${frames.heard} / ${frames.sent}`, 'heard by a gateway / sent'],
    ...byCount(frames.lost).map(([why, count]) => [`lost: ${why}`, String(count), ''] as const),
    ...(score.strangers > 0
      ? [['strangers', String(score.strangers), 'views of bays that the truth does not know'] as const]
      : []),
  ];
};

/** A score for a terminal. */
export const scoreText = (score: Score, width: number): readonly string[] => [
  `${score.bays} bays, ${spanText((score.toUs - score.fromUs) / 1_000)}`,
  ...textTable(scoreRows(score), { right: [1], width }),
];
