import { labels } from '../base/sentences/labels.js';
import { isoFromUs, spanText, type Us } from '../base/time.js';

/** How far a long run is. */
export interface Progress {
  readonly nowUs: Us;
  /** 0 to 1; undefined where nobody knows the end. */
  readonly share?: number;
  /** Frames sent so far, and in the last second of real time. */
  readonly sent: number;
  readonly perSecond: number;
  /** Of this process. */
  readonly memoryBytes: number;
  /** Real time that is left, as far as the past tells. */
  readonly leftMs?: number;
}

const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');

/** `2026-06-03T07:35Z  32 %  1 234 567 uplinks, 85 000/s  0.9 GB  2m left`. */
export const progressText = ({ nowUs, share, sent, perSecond, memoryBytes, leftMs }: Progress): string =>
  [
    `${isoFromUs(nowUs).slice(0, 16)}Z`,
    ...(share === undefined ? [] : [`${Math.floor(share * 100)} %`]),
    `${grouped(sent)} ${labels.uplinks}, ${grouped(perSecond)}${labels.perSecond}`,
    memoryBytes >= 1e9 ? `${(memoryBytes / 1e9).toFixed(1)} GB` : `${Math.round(memoryBytes / 1e6)} MB`,
    ...(leftMs === undefined
      ? []
      : [`${spanText(Math.max(1_000, Math.round(leftMs / 1_000) * 1_000))} ${labels.left}`]),
  ].join('  ');
