import { isoFromUs, spanText } from '../base/time.js';
import type { ScoreBook } from './score-book.js';
import { scoreRows } from './score-text.js';
import { barPlot, gridPlot, linePlot, mapPlot } from './plots.js';
import { escaped } from './html.js';

const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#6a737d;--line:#d0d7de;--a:#0969da;--b:#bc4c00}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--soft:#8b949e;--line:#30363d;--a:#58a6ff;--b:#f0883e}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;padding:1.5rem;max-width:64rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}p{max-width:46rem}small{color:var(--soft)}
table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left;border-bottom:1px solid var(--line)}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{width:100%;height:auto;display:block}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
.scroll{overflow-x:auto}details{margin:.3rem 0}
`;

const table = (rows: readonly (readonly string[])[], head?: readonly string[]): string =>
  `<div class="scroll"><table>${
    head ? `<thead><tr>${head.map((cell) => `<th>${escaped(cell)}</th>`).join('')}</tr></thead>` : ''
  }<tbody>${rows
    .map(
      (row) => `<tr>${row.map((cell, i) => `<td${i === 1 ? ' class="n"' : ''}>${escaped(cell)}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table></div>`;

const behind = (rows: readonly (readonly string[])[], head: readonly string[]): string =>
  `<details><summary>as a table</summary>${table(rows, head)}</details>`;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const mostRows = 400;

/** A report that stands on its own: one page, no script, nothing loaded from anywhere. */
export const scoreHtml = (book: ScoreBook, title: string): string => {
  const { score, series, delivery, stepM, bays, gateways } = book;
  const lost = Object.entries(score.frames.lost).sort(([, a], [, b]) => b - a);
  const worst = [...bays].sort((a, b) => a.right - b.right || (a.bay < b.bay ? -1 : 1));
  const cells = delivery.map(({ sf, step, sent, heard }) => ({
    row: `SF${sf}`,
    column: step,
    share: heard / sent,
    text: `SF${sf}, ${step * stepM} to ${(step + 1) * stepM} m: ${heard} of ${sent}`,
  }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${style}</style></head><body>
<h1>${escaped(title)}</h1>
<p>${score.bays} bays, ${spanText((score.toUs - score.fromUs) / 1_000)} from ${isoFromUs(score.fromUs)}.</p>
${table(scoreRows(score))}
<h2>Taken bays</h2>
${linePlot({
  title: 'Taken bays over time, in truth and as reported',
  x: series.map(({ us }) => us),
  label: (us) => `${isoFromUs(us).slice(5, 16)}Z`,
  lines: [
    { name: 'truth', colour: 'var(--a)', y: series.map(({ taken }) => taken) },
    { name: 'reported', colour: 'var(--b)', y: series.map(({ seen }) => seen) },
  ],
})}
${behind(
  series.slice(0, mostRows).map(({ us, taken, seen }) => [isoFromUs(us), String(taken), String(seen)]),
  ['time', 'truth', 'reported'],
)}
<h2>Delivery by spreading factor and distance</h2>
<p><small>Share of frames that at least one gateway heard; distance of the sensor from its nearest gateway.</small></p>
${gridPlot({ title: 'Share of frames heard, by spreading factor and distance', cells, column: (step) => `${step * stepM} m` })}
${behind(
  delivery
    .slice(0, mostRows)
    .map(({ sf, step, sent, heard }) => [`SF${sf}, ${step * stepM} m`, percent(heard / sent), `${heard} of ${sent}`]),
  ['where', 'heard', 'frames'],
)}
<h2>Why frames were lost</h2>
${barPlot({ title: 'Lost frames by reason', bars: lost.map(([name, count]) => ({ name, value: count })) })}
<h2>Map</h2>
<p><small>Bays by the share of time for which the view of them was right; gateways are triangles.</small></p>
${mapPlot({ title: 'Bays and gateways', bays, gateways })}
${behind(
  worst.slice(0, 50).map(({ bay, right, lot }) => [bay, percent(right), lot]),
  ['worst bays', 'right', 'lot'],
)}
<h2>How to read it</h2>
<p>A change counts as reported when the view shows it before the bay changes again; its latency is the time until then. A
missed change is put down to what became of the frames that the sensor sent meanwhile. &quot;Free is free&quot; is what a
driver cares for: of all time for which bays were shown as free, the share for which they were.</p>
</body></html>
`;
};
