import { dice } from '../base/dice.js';
import { describe, must, problem, StellwerkError, UsageError } from '../base/problem.js';
import type { Catalogue } from '../catalogue.js';
import { loadScenario } from '../config/scenario.js';
import { textTable } from '../report/table.js';
import type { SensorModel } from '../codec/sensor.js';
import { directionsOf, directionsText, portsText } from '../report/models.js';
import { boardList, bridgeList } from './ls-boards.js';
import { consoleList, showConsole } from './ls-consoles.js';
import { catalogueOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const rooms = ['models', 'boards', 'bridges', 'consoles', 'scenarios', 'sources', 'sinks', 'backends'] as const;
type What = (typeof rooms)[number];

/** What is shown of an entry: cells of the table, and the same for programs. */
export interface Listed {
  readonly cells: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}
export interface List {
  readonly head: readonly string[];
  readonly rows: readonly Listed[];
  readonly bad: readonly string[];
}

const verb: Verb = {
  command: 'ls <what> [id]',
  describe: 'List what there is: models, boards, bridges, consoles, scenarios, sources, sinks, backends',
  examples: [
    ['ls models', 'sensor models that can be decoded and played'],
    ['ls models bosch-tps110', 'every byte of its payloads, in both directions'],
    ['ls models --json', 'with ports and a sample message of each type'],
    ['ls models --catalogue ./my-devices', 'with sensors of your own'],
    ['ls boards', 'boards that are known by their USB ids, with their consoles'],
    ['ls consoles rak-rui3', 'every command of a firmware, with its ranges'],
    ['ls scenarios', 'places that can be simulated'],
  ],
  builder: (argv) =>
    argv
      .positional('what', { type: 'string', choices: rooms, demandOption: true, describe: 'Which catalogue' })
      .positional('id', {
        type: 'string',
        describe: 'One model with its byte tables, or one console with its commands',
      }),
  async run(args, shell) {
    const what = args['what'] as What;
    if (!rooms.includes(what))
      throw new UsageError(problem('wrong-usage', { verb: 'ls', why: `there is no list ${String(what)}` }));
    const id = textOf(args, 'id');
    const catalogue = await catalogueOf(args, shell);
    if (id !== undefined) {
      if (what === 'consoles') return showConsole(must(await catalogue.load('consoles', id)), shell);
      if (what !== 'models')
        throw new UsageError(
          problem('wrong-usage', { verb: 'ls', why: `only models and consoles can be shown one by one` }),
        );
      const { showModel } = await import('./show-model.js');
      return showModel(must(await catalogue.load('sensors', id)), shell);
    }
    const list = await lists[what](catalogue);
    // A program reads one value: with a problem, the list stands beside it.
    if (shell.json && list.bad.length > 0) shell.beside({ [what]: list.rows.map(({ json }) => json) });
    else show(list, shell);
    if (list.bad.length > 0)
      throw new StellwerkError(problem('catalogue-has-bad-files', { count: list.bad.length, first: list.bad[0]! }));
  },
};
export default verb;

const show = ({ head, rows }: List, shell: Shell): void => {
  if (shell.json) return shell.out(JSON.stringify(rows.map(({ json }) => json)));
  const [first, ...rest] = textTable([head, ...rows.map(({ cells }) => cells)]);
  shell.out(shell.paint.bold(first!));
  rest.forEach(shell.out);
};

const modelJson = (model: SensorModel): Listed['json'] => ({
  id: model.id,
  vendor: model.vendor,
  model: model.model,
  source: model.source,
  fPorts: model.fPorts,
  directions: directionsOf(model),
  examples: model.examples.length,
  messages: Object.fromEntries(
    model.messageTypes.map((type) => [type, model.sample(type, dice('ls', `${model.id} ${type}`))]),
  ),
  commands: Object.fromEntries(
    model.commandTypes.map((type) => [type, model.sample(type, dice('ls', `${model.id} ${type}`))]),
  ),
});

const simple = async (catalogue: Catalogue, room: 'sources' | 'sinks' | 'backends'): Promise<List> => {
  const all = await catalogue.all(room);
  const bad = all.flatMap(({ entry }) => (entry.ok ? [] : [describe(entry.problem)]));
  const rows = all.flatMap(({ id, entry }): Listed[] => {
    if (!entry.ok) return [];
    const form = 'form' in entry.value ? entry.value.form : `type: ${id}`;
    return [{ cells: [id, form, entry.value.summary], json: { id, form, summary: entry.value.summary } }];
  });
  return { head: ['id', 'form', 'what'], rows, bad };
};

const lists: Readonly<Record<What, (catalogue: Catalogue) => Promise<List>>> = {
  async models(catalogue) {
    const all = await catalogue.all('sensors');
    const rows = all.flatMap(({ id, entry }): Listed[] =>
      entry.ok
        ? [
            {
              cells: [
                id,
                entry.value.vendor,
                entry.value.model,
                portsText(entry.value),
                directionsText(entry.value),
                String(entry.value.examples.length),
              ],
              json: modelJson(entry.value),
            },
          ]
        : [],
    );
    const bad = all.flatMap(({ entry }) => (entry.ok ? [] : [describe(entry.problem)]));
    return { head: ['id', 'vendor', 'model', 'ports', 'directions', 'examples'], rows, bad };
  },
  boards: boardList,
  bridges: bridgeList,
  consoles: consoleList,
  async scenarios(catalogue) {
    const rows: Listed[] = [];
    const bad: string[] = [];
    for (const { id, entry } of await catalogue.all('scenarios')) {
      try {
        if (!entry.ok) throw new StellwerkError(entry.problem);
        const { name, lots, gateways } = await loadScenario(id, entry.value);
        const bays = lots.reduce((sum, lot) => sum + lot.bays, 0);
        rows.push({
          cells: [id, String(bays), String(gateways.length), name],
          json: { id, name, bays, lots: lots.map((lot) => lot.id), gateways: gateways.length },
        });
      } catch (error) {
        if (!(error instanceof StellwerkError)) throw error;
        bad.push(error.message);
      }
    }
    return { head: ['id', 'bays', 'gateways', 'name'], rows, bad };
  },
  sources: (catalogue) => simple(catalogue, 'sources'),
  sinks: (catalogue) => simple(catalogue, 'sinks'),
  backends: (catalogue) => simple(catalogue, 'backends'),
};
