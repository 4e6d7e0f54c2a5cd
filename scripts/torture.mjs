// Kills a gateway again and again under load: node scripts/torture.mjs [--cycles 200] [--seed text]. The test that CI runs
// twelve cycles of, at full length; about two seconds for each cycle.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = (text) => {
  console.error(`${text}\nusage: npm run torture -- [--cycles 200] [--seed text]`);
  process.exit(2);
};
const options = () => {
  try {
    return parseArgs({ options: { cycles: { type: 'string', default: '200' }, seed: { type: 'string' } } }).values;
  } catch (error) {
    return usage(error.message);
  }
};
const { cycles, seed = new Date().toISOString() } = options();
if (!/^[1-9]\d{0,5}$/.test(cycles)) usage('--cycles is a whole number');
console.error(`${cycles} cycles, seed ${seed}`);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const child = spawn('npx', ['vitest', 'run', 'test/torture'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TORTURE_CYCLES: cycles, TORTURE_SEED: seed },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
