// Measures ours against peers: node scripts/bench.mjs [--only id] [--json]. Exit code 1 when a median ratio is under
// its floor, 2 when called wrongly. Each round runs both sides in one process, so what disturbs one disturbs the other.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
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

/** A bench, bundled into a folder of this run's own, so that two runs do not disturb each other. */
const load = async (id) => {
  mkdirSync(join(root, 'dist', 'bench'), { recursive: true });
  const outdir = mkdtempSync(join(root, 'dist', 'bench', 'run-'));
  const clean = () => rmSync(outdir, { recursive: true, force: true });
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [`bench/${id}${suffix}`],
      outdir,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      logLevel: 'warning',
    });
    const { default: bench } = await import(pathToFileURL(join(outdir, `${id}.bench.mjs`)).href);
    if (bench?.id !== id)
      throw new Error(`bench/${id}${suffix} calls itself ${bench?.id}; file name and id must agree`);
    return { bench, clean };
  } catch (error) {
    clean();
    throw error;
  }
};

const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Both sides in turn, so that a slow minute of the machine does not hit one alone. */
const measure = async (bench) => {
  const figures = [];
  try {
    await bench.setup?.();
    await bench.round({ number: 0, sideMs }); // warms up both sides, is not counted
    for (let number = 0; number < rounds; number++) figures.push(await bench.round({ number, sideMs }));
  } finally {
    await bench.teardown?.();
  }
  const { id, what, peer, unit, floor } = bench;
  const ratios = figures.map((round) => round.ours / round.peer);
  const ratio = { min: Math.min(...ratios), median: median(ratios), max: Math.max(...ratios) };
  return {
    id,
    what,
    peer,
    unit,
    ours: median(figures.map((round) => round.ours)),
    theirs: median(figures.map((round) => round.peer)),
    ratio,
    ...(floor !== undefined && { floor }),
    // A figure that is not a number is no pass.
    ok: floor === undefined || ratio.median >= floor,
  };
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

/** One bench, here. */
const measureOne = async (id) => {
  const { bench, clean } = await load(id);
  try {
    return await measure(bench);
  } finally {
    clean();
  }
};

/** One bench in a process of its own: what others leave in memory would be collected in its time. */
const measureAside = (id) => {
  const ran = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--only', id, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (ran.status !== 0 && ran.status !== 1) throw new Error(`the bench ${id} broke off`);
  return JSON.parse(ran.stdout).results[0];
};

const results = only === undefined ? known.map(measureAside) : [await measureOne(only)];
console.log(json ? JSON.stringify({ node: process.version, rounds, sideMs, results }, undefined, 2) : table(results));
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
