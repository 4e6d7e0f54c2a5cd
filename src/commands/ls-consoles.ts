import { describe } from '../base/problem.js';
import type { Catalogue } from '../catalogue.js';
import type { CommandRow, Dialect } from '../console/dialect.js';
import type { AnyParam } from '../console/params.js';
import { textTable } from '../report/table.js';
import type { List, Listed } from './ls.js';
import type { Shell } from './shell.js';

/** Consoles of firmware, with their speeds and the virtual boards that speak them. */
export const consoleList = async (catalogue: Catalogue): Promise<List> => {
  const all = await catalogue.all('consoles');
  const twins = (await catalogue.all('twins')).flatMap(({ entry }) => (entry.ok ? [entry.value] : []));
  const rows = all.flatMap(({ entry }): Listed[] => {
    if (!entry.ok) return [];
    const { id, name, bauds, commands, source, ours } = entry.value;
    const boards = twins.find((twin) => twin.id === id)?.boards ?? [];
    const count = Object.keys(commands).length;
    const cells = [id, ours ? `${name} (ours)` : name, bauds.join(', '), String(count), boards.join(', ')];
    return [{ cells, json: { id, name, ours: ours === true, bauds, commands: count, virtualBoards: boards, source } }];
  });
  const bad = all.flatMap(({ entry }) => (entry.ok ? [] : [describe(entry.problem)]));
  return { head: ['id', 'console', 'baud', 'commands', 'virtual boards'], rows, bad };
};

const form = (params: readonly AnyParam[] | undefined): string =>
  params === undefined ? '' : params.length === 0 ? '(nothing)' : params.map((param) => param.form).join(' : ');

const spelling = ({ syntax }: Dialect, row: CommandRow): string =>
  row.read ? syntax.ask(row.word) : row.write && !row.run ? syntax.set(row.word, ['...']) : syntax.run(row.word);

/** Every command of one console: how it is spelt, what it answers, what it takes. */
export const showConsole = (dialect: Dialect, shell: Shell): void => {
  const rows = Object.entries(dialect.commands);
  if (shell.json) {
    const commands = rows.map(([name, row]) => ({
      name,
      command: spelling(dialect, row),
      what: row.what,
      ...(row.read && { answers: form(row.read) }),
      ...(row.write && { takes: form(row.write) }),
    }));
    const { id, name, source, bauds } = dialect;
    return shell.out(JSON.stringify({ id, name, source, bauds, commands }));
  }
  shell.out(`${dialect.name}: ${dialect.source}`);
  const cells = rows.map(([, row]) => [spelling(dialect, row), row.what, form(row.read), form(row.write)]);
  const [head, ...lines] = textTable([['command', 'what', 'answers', 'takes'], ...cells]);
  shell.out(shell.paint.bold(head!));
  lines.forEach(shell.out);
};
