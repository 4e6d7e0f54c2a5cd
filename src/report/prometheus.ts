// The text in which Prometheus reads figures (exposition format 0.0.4).

/** One figure with its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Behind the family's name: `_bucket`, `_sum`, `_count` of a histogram. */
  readonly suffix?: string;
}

/** Figures of one name. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
const labelled = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replace(/"/g, '\\"')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};
const number = (value: number): string =>
  value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : Number.isNaN(value) ? 'NaN' : String(value);

/** The figures as text; a family without figures is left out. */
export const exposition = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${escaped(help)}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ labels = {}, value, suffix = '' }) => `${name}${suffix}${labelled(labels)} ${number(value)}`),
        '',
      ].join('\n'),
    )
    .join('');

/** Counts values in steps; what is above the last one counts as infinite. */
export interface Histogram {
  add(value: number): void;
  readonly sum: number;
  readonly count: number;
  /** How many values were at most so much, for each bound. */
  readonly buckets: readonly { readonly most: number; readonly count: number }[];
}

export const histogram = (bounds: readonly number[]): Histogram => {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  let count = 0;
  return {
    add(value) {
      let at = 0;
      while (at < bounds.length && value > bounds[at]!) at++;
      counts[at]!++;
      sum += value;
      count++;
    },
    get sum() {
      return sum;
    },
    get count() {
      return count;
    },
    get buckets() {
      let below = 0;
      return [...bounds, Infinity].map((most, at) => ({ most, count: (below += counts[at]!) }));
    },
  };
};

/** A histogram's figures, with labels of their own. */
export const histogramSamples = (
  { buckets, sum, count }: Histogram,
  labels: Readonly<Record<string, string>> = {},
): readonly Sample[] => [
  ...buckets.map(({ most, count: value }) => ({ labels: { ...labels, le: number(most) }, value, suffix: '_bucket' })),
  { labels, value: sum, suffix: '_sum' },
  { labels, value: count, suffix: '_count' },
];
