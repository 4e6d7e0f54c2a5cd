import { must } from '../base/problem.js';
import { oneLine } from '../base/one-line.js';
import { spanText } from '../base/time.js';
import { askControl } from '../io/control.js';
import { textTable } from '../report/table.js';
import { doorOptions, doorPath } from './door.js';
import type { Verb } from './verb.js';

const verb: Verb = {
  command: 'status',
  describe: 'How a running gateway stands: counts, sources, sinks, devices heard',
  examples: [
    ['status', 'the gateway of ./stellwerk.yaml'],
    ['status -c /etc/stellwerk/kerb-1.yaml --json', 'for a program'],
    ['status --control /run/stellwerk/control.sock', 'by its socket'],
  ],
  builder: doorOptions,
  async run(args, shell) {
    const answer = must(await askControl({ path: await doorPath(args, shell), do: 'status', stop: shell.stop }));
    if (shell.json) return shell.out(JSON.stringify(answer));
    textTable(rowsOf(answer)).forEach(shell.out);
  },
};
export default verb;

/** The status as rows of name and value: what is nested stands under names with dots; nothing is left out. */
const rowsOf = (value: unknown, path = ''): readonly (readonly [string, string])[] => {
  if (value === null || typeof value !== 'object') return [[path, oneLine(textOfValue(path, value))]];
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const entries = Array.isArray(value)
    ? value.map((item, i) => [String(i), item] as const)
    : Object.entries(value as object);
  return entries.flatMap(([name, item]) => rowsOf(item, oneLine(below(name))));
};

const textOfValue = (path: string, value: unknown): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return path === 'runningS' && typeof value === 'number' ? spanText(value * 1000) : String(value);
};
