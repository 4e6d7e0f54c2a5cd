// Plots as SVG for a page: no script, colours of the page's style, a title for who cannot see them.
import { escaped } from './html.js';

const width = 800;
const height = 300;
const left = 48;
const bottom = 28;
const top = 12;

const n1 = (value: number): string => String(Math.round(value * 10) / 10);
const svg = (title: string, inside: string, tall = height): string =>
  `<svg viewBox="0 0 ${width} ${n1(tall)}" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title>${inside}</svg>`;
const text = (x: number, y: number, what: string, anchor = 'middle'): string =>
  `<text x="${n1(x)}" y="${n1(y)}" text-anchor="${anchor}">${escaped(what)}</text>`;
const empty = (title: string): string => svg(title, text(width / 2, 20, 'nothing to show'), 30);

/** From bad to good, readable for who is colour-blind: orange to blue. */
const colourOf = (share: number): string => `hsl(${Math.round(25 + 185 * Math.max(0, Math.min(1, share)))} 70% 50%)`;

export const linePlot = (of: {
  readonly title: string;
  readonly x: readonly number[];
  label(x: number): string;
  readonly lines: readonly { readonly name: string; readonly colour: string; readonly y: readonly number[] }[];
}): string => {
  const { title, x, lines } = of;
  if (x.length < 2) return empty(title);
  const [first, last] = [x[0]!, x.at(-1)!];
  const most = Math.max(1, ...lines.map(({ y }) => y.reduce((a, b) => Math.max(a, b), 0)));
  const atX = (value: number): number => left + ((value - first) / (last - first)) * (width - left - 10);
  const atY = (value: number): number => height - bottom - (value / most) * (height - bottom - top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const y = atY(part * most);
    return `<path d="M${left} ${n1(y)}H${width - 10}" stroke="var(--line)"/>${text(left - 6, y + 4, n1(part * most), 'end')}`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    text(
      atX(first + part * (last - first)),
      height - 8,
      of.label(first + part * (last - first)),
      part === 0 ? 'start' : part === 1 ? 'end' : 'middle',
    ),
  );
  // More points than pixels show nothing more.
  const every = Math.max(1, Math.floor(x.length / width));
  const paths = lines.map(
    ({ y, colour }) =>
      `<polyline fill="none" stroke="${colour}" stroke-width="1.8" points="${x
        .flatMap((value, i) => (i % every === 0 ? [`${n1(atX(value))},${n1(atY(y[i]!))}`] : []))
        .join(' ')}"/>`,
  );
  const names = lines.map(
    ({ name, colour }, i) =>
      `<rect x="${left + 10 + i * 110}" y="${top}" width="12" height="4" fill="${colour}"/>${text(left + 28 + i * 110, top + 7, name, 'start')}`,
  );
  return svg(title, [...grid, ...ticks, ...paths, ...names].join(''));
};

export const barPlot = (of: {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}): string => {
  if (of.bars.length === 0) return empty(of.title);
  const most = Math.max(...of.bars.map(({ value }) => value));
  const bars = of.bars.map(({ name, value }, i) => {
    const long = (value / most) * (width - 300);
    const y = 8 + i * 26;
    return `${text(180, y + 14, name, 'end')}<rect x="190" y="${y}" width="${n1(long)}" height="18" fill="var(--a)"/>${text(198 + long, y + 14, String(value), 'start')}`;
  });
  return svg(of.title, bars.join(''), 16 + of.bars.length * 26);
};

export const gridPlot = (of: {
  readonly title: string;
  readonly cells: readonly {
    readonly row: string;
    readonly column: number;
    readonly share: number;
    readonly text: string;
  }[];
  column(at: number): string;
}): string => {
  const { cells } = of;
  if (cells.length === 0) return empty(of.title);
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = Math.max(...cells.map(({ column }) => column)) + 1;
  const wide = (width - left - 10) / columns;
  const drawn = cells.map(
    (cell) =>
      `<rect x="${n1(left + cell.column * wide)}" y="${10 + rows.indexOf(cell.row) * 30}" width="${n1(Math.max(1, wide - 1))}" height="28" fill="${colourOf(cell.share)}"><title>${escaped(cell.text)}, ${n1(100 * cell.share)} %</title></rect>`,
  );
  const names = rows.map((row, i) => text(left - 6, 28 + i * 30, row, 'end'));
  const low = 26 + rows.length * 30;
  const ticks = [0, 0.5, 1].map((part) =>
    text(left + part * (width - left - 10), low, of.column(Math.round(part * columns)), part === 1 ? 'end' : 'middle'),
  );
  return svg(of.title, [...drawn, ...names, ...ticks].join(''), low + 10);
};

interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** More dots than this are one large file that shows no more. */
const mostDots = 5_000;

export const mapPlot = (of: {
  readonly title: string;
  readonly bays: readonly (Place & { readonly bay: string; readonly right: number })[];
  readonly gateways: readonly Place[];
}): string => {
  const { bays, gateways } = of;
  const all: readonly Place[] = [...bays, ...gateways];
  if (all.length === 0) return empty(of.title);
  const bound = (pick: (a: number, b: number) => number, part: keyof Place): number =>
    all.reduce((best, place) => pick(best, place[part]), all[0]![part]);
  const [south, north] = [bound(Math.min, 'lat'), bound(Math.max, 'lat')];
  const [west, east] = [bound(Math.min, 'lon'), bound(Math.max, 'lon')];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const span = Math.max(1e-5, (east - west) * narrow, (north - south) * (width / 480));
  const scale = (width - 60) / span;
  const tall = Math.min(520, (north - south) * scale + 70);
  const atX = (place: Place): number => width / 2 + (place.lon - (west + east) / 2) * narrow * scale;
  const atY = (place: Place): number => (tall - 20) / 2 - (place.lat - (south + north) / 2) * scale;
  const every = Math.ceil(bays.length / mostDots);
  const dots = bays.flatMap((bay, i) =>
    i % every === 0
      ? [
          `<circle cx="${n1(atX(bay))}" cy="${n1(atY(bay))}" r="${bays.length > 500 ? 1.6 : 3.5}" fill="${colourOf(bay.right)}">${
            bays.length > 500 ? '' : `<title>${escaped(bay.bay)}: right ${n1(100 * bay.right)} %</title>`
          }</circle>`,
        ]
      : [],
  );
  const masts = gateways.map((gateway) => {
    const [x, y] = [atX(gateway), atY(gateway)];
    return `<path d="M${n1(x)} ${n1(y - 7)}l6 11h-12z" fill="var(--ink)"/>`;
  });
  // A round length that is about a fifth of the picture.
  const metresPerPixel = 111_195 / scale;
  const rough = 160 * metresPerPixel;
  const round = 10 ** Math.floor(Math.log10(rough));
  const metres = round * (rough / round >= 5 ? 5 : rough / round >= 2 ? 2 : 1);
  const bar = `<path d="M20 ${n1(tall - 8)}h${n1(metres / metresPerPixel)}" stroke="var(--soft)" stroke-width="2"/>${text(24, tall - 13, metres >= 1_000 ? `${metres / 1_000} km` : `${metres} m`, 'start')}`;
  const rest = every > 1 ? text(width - 10, tall - 8, `every ${every}th bay is drawn`, 'end') : '';
  return svg(of.title, [...dots, ...masts, bar, rest].join(''), tall);
};
