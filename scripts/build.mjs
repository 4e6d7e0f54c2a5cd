// Builds dist/: a mirror of the tree in which every catalogue file is its own entry, so that only named models load.
// Shared chunks lie in dist/src/, one level deep like the files that look for catalogue folders beside themselves.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist');
const stampFile = join(out, '.built');
const under = (dir, keep) =>
  !existsSync(join(root, dir))
    ? []
    : readdirSync(join(root, dir), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && keep(entry.name))
        .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
        .sort();
const isCode = (name) => name.endsWith('.ts') && !name.endsWith('.d.ts');
const isData = (name) => /\.(ya?ml|json|html|css)$/.test(name);
const houses = ['src', 'devices', 'simulators'];
const code = houses.flatMap((dir) => under(dir, isCode));
const data = houses.flatMap((dir) => under(dir, isData));

/** What the build was made from: every source file's time and size, and the versions that built it. */
const stamp = () =>
  [...code, ...data, 'package-lock.json', 'package.json', 'scripts/build.mjs']
    .map((file) => join(root, file))
    .map(
      (file) =>
        `${relative(root, file)} ${existsSync(file) ? `${statSync(file).mtimeMs} ${statSync(file).size}` : '-'}`,
    )
    .join('\n');

/** `npx stellwerk` in a clone: npm links the commands of dependencies, never that of the package itself. */
const link = () => {
  const bin = join(root, 'node_modules/.bin');
  if (process.platform === 'win32' || !existsSync(bin)) return;
  rmSync(join(bin, 'stellwerk'), { force: true });
  symlinkSync('../../dist/src/cli.js', join(bin, 'stellwerk'));
};

const wanted = stamp();
if (process.argv.includes('--if-stale') && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted)
  process.exit(0);

// `npm ci --omit=dev` runs the prepare script without the tools to build; then what was built stays.
const esbuild = await import('esbuild').catch(() => undefined);
if (!esbuild) {
  if (process.argv.includes('--if-possible')) process.exit(0);
  console.error('esbuild is not installed: run npm ci without --omit=dev');
  process.exit(1);
}

const catalogues = /^(devices\/|simulators\/|src\/(sources|sinks|backends|commands)\/)/;
const doors = ['src/cli.ts', 'src/index.ts', 'src/testing.ts', 'src/worker.ts'].filter((file) => code.includes(file));
rmSync(out, { recursive: true, force: true });
await esbuild.build({
  absWorkingDir: root,
  entryPoints: [...doors, ...code.filter((file) => catalogues.test(file))],
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  chunkNames: 'src/shared-[hash]',
  sourcemap: true,
  logLevel: 'warning',
});
for (const file of data) {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  cpSync(join(root, file), join(out, file));
}
if (existsSync(join(out, 'src/cli.js'))) chmodSync(join(out, 'src/cli.js'), 0o755);
writeFileSync(stampFile, wanted);
link();
