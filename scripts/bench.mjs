// Measures ours against peers: node scripts/bench.mjs [--only id] [--json]. Exit code 1 when a median ratio is under
// its floor, 2 when called wrongly. Each round runs both sides in one process, so what disturbs one disturbs the other.
import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const rounds = 7;
const sideMs = 250;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const usage = (text) => {
  console.error(text);
  process.exit(2);
};

const options = () => {
  try {
    return parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    return usage(`${error.message}\nusage: node scripts/bench.mjs [--only id] [--json]`);
  }
};

const { only, json } = options();
const suffix = '.bench.ts';
const known = readdirSync(join(root, 'bench'))
  .filter((name) => name.endsWith(suffix))
  .map((name) => name.slice(0, -suffix.length))
  .sort();
if (only !== undefined && !known.includes(only)) usage(`there is no bench ${only}; known are: ${known.join(', ')}`);
const ids = only === undefined ? known : [only];

/** The benches of `ids`, bundled into a folder of this run's own, so that two runs do not disturb each other. */
const load = async () => {
  mkdirSync(join(root, 'dist', 'bench'), { recursive: true });
  const outdir = mkdtempSync(join(root, 'dist', 'bench', 'run-'));
  try {
    await build({
      absWorkingDir: root,
      entryPoints: ids.map((id) => `bench/${id}${suffix}`),
      outbase: 'bench',
      outdir,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      logLevel: 'warning',
    });
    const benches = [];
    for (const id of ids) {
      const { default: bench } = await import(pathToFileURL(join(outdir, `${id}.bench.mjs`)).href);
      if (bench?.id !== id)
        throw new Error(`bench/${id}${suffix} calls itself ${bench?.id}; file name and id must agree`);
      benches.push(bench);
    }
    return { benches, clean: () => rmSync(outdir, { recursive: true, force: true }) };
  } catch (error) {
    rmSync(outdir, { recursive: true, force: true });
    throw error;
  }
};

const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Interleaved: round 1 of every bench, then round 2, so that a slow minute of the machine does not hit one alone. */
const measure = async (benches) => {
  const figures = new Map(benches.map((bench) => [bench.id, []]));
  const ready = [];
  try {
    for (const bench of benches) {
      ready.push(bench);
      await bench.setup?.();
      await bench.round({ number: 0, sideMs }); // warms up both sides, is not counted
    }
    for (let number = 0; number < rounds; number++)
      for (const bench of benches) figures.get(bench.id).push(await bench.round({ number, sideMs }));
  } finally {
    for (const bench of ready.reverse()) await bench.teardown?.();
  }
  return benches.map(({ id, what, peer, unit, floor }) => {
    const list = figures.get(id);
    const ratios = list.map((round) => round.ours / round.peer);
    const ratio = { min: Math.min(...ratios), median: median(ratios), max: Math.max(...ratios) };
    return {
      id,
      what,
      peer,
      unit,
      ours: median(list.map((round) => round.ours)),
      theirs: median(list.map((round) => round.peer)),
      ratio,
      ...(floor !== undefined && { floor }),
      // A figure that is not a number is no pass.
      ok: floor === undefined || ratio.median >= floor,
    };
  });
};

const short = (value) =>
  value >= 1e6 ? `${(value / 1e6).toFixed(2)}M` : value >= 1e3 ? `${(value / 1e3).toFixed(1)}k` : value.toFixed(1);
const times = (value) => (value >= 10 ? value.toFixed(0) : value.toFixed(2));

const table = (results) => {
  const rows = [
    ['bench', 'ours', 'peer', 'unit', 'ratio min / median / max', 'floor', ''],
    ...results.map(({ id, ours, theirs, unit, ratio, floor, ok }) => [
      id,
      short(ours),
      short(theirs),
      unit,
      `${times(ratio.min)} / ${times(ratio.median)} / ${times(ratio.max)}`,
      floor === undefined ? '-' : String(floor),
      ok ? 'ok' : 'TOO SLOW',
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  const notes = results.map(({ id, what, peer }) => `${id}: ${what}; peer: ${peer}`);
  return [...lines, '', ...notes].join('\n');
};

const { benches, clean } = await load();
try {
  const results = await measure(benches);
  console.log(json ? JSON.stringify({ node: process.version, rounds, sideMs, results }, undefined, 2) : table(results));
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
} finally {
  clean();
}
