import { watch } from 'node:fs';
import { oneLine } from '../base/one-line.js';
import { usbIdOf } from '../console/guess.js';
import { wallClock } from '../io/clock.js';
import { holderOfFile } from '../io/holder.js';
import { listPorts } from '../io/ports.js';
import { textTable } from '../report/table.js';
import { watchPorts, type PortEvent } from '../workbench/port-watch.js';
import { portJson, shownPorts, visible, type PortsSetup, type ShownPort } from '../workbench/ports.js';
import { knownOf } from './known-boards.js';
import { catalogueOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const pollMs = 500;

const verb: Verb = {
  command: 'ports',
  describe: 'Serial ports: name, what is probably on them, who has them open',
  examples: [
    ['ports', 'those that a board may be on'],
    ['ports --watch', 'what comes and goes, until Ctrl-C'],
    ['ports --all', 'Bluetooth ports and ttyS without hardware as well'],
    ['ports --json', 'one JSON object in each line'],
  ],
  builder: (argv) =>
    argv
      .option('watch', { alias: 'w', type: 'boolean', default: false, describe: 'Tell what is plugged and unplugged' })
      .option('all', { alias: 'a', type: 'boolean', default: false, describe: 'Show hidden ports as well' }),
  async run(args, shell) {
    const known = await knownOf(await catalogueOf(args, shell));
    const setup: PortsSetup = { list: listPorts, holder: holderOfFile, known };
    const all = args['all'] === true;
    const ports = await shownPorts(setup, { all });
    const watching = args['watch'] === true;
    if (shell.json) for (const port of ports) shell.out(line(watching ? 'here' : undefined, portJson(port)));
    else if (ports.length > 0) table(ports, shell);
    else nothing(shell, { all, watching });
    if (watching) await follow(setup, { first: ports, all, shell });
  },
};
export default verb;

const line = (event: string | undefined, fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(event === undefined ? fields : { event, ...fields });

const table = (ports: readonly ShownPort[], shell: Shell): void => {
  const rows = ports.map(({ port, words, holder }) => [
    port.path,
    usbIdOf(port) ?? '-',
    words,
    holder ? `${holder.name} (process ${holder.pid})` : '-',
  ]);
  const shown = textTable([['port', 'USB', 'board', 'open in'], ...rows.map((row) => row.map(oneLine))]);
  shell.out(shell.paint.bold(shown[0]!));
  shown.slice(1).forEach((row, i) => {
    shell.out(row);
    const { byId } = ports[i]!.port;
    if (byId !== undefined) shell.out(shell.paint.dim(`  ${oneLine(byId)}`));
  });
};

const nothing = (shell: Shell, { all, watching }: { readonly all: boolean; readonly watching: boolean }): void => {
  shell.talk('no serial port is there');
  shell.talk('  Is the board plugged in, with a cable that carries data? Many only charge.');
  shell.talk('  In a container or in WSL a port must be handed in (docker --device /dev/ttyUSB0, usbipd attach).');
  if (!all) shell.talk('  Bluetooth ports and ttyS without hardware are left out; --all shows them.');
  if (!watching)
    shell.talk('  stellwerk doctor looks for the usual causes; stellwerk ports --watch waits for a board.');
};

const words = (event: PortEvent): string => {
  const { port, words: board } = event.port;
  switch (event.kind) {
    case 'plugged':
      return `+ ${port.path}  ${board}`;
    case 'unplugged':
      return `- ${port.path}  ${board}`;
    case 'back':
      return port.path === event.before.port.path
        ? `= ${board} is back as ${port.path}`
        : `= ${board} is back as ${port.path}, it was ${event.before.port.path}`;
  }
};

const tell = (event: PortEvent, shell: Shell): void => {
  if (!shell.json) return shell.out(oneLine(words(event)));
  const before = event.kind === 'back' ? { before: portJson(event.before) } : {};
  shell.out(line(event.kind, { ...portJson(event.port), ...before }));
};

/** A change in /dev is a hint to look at once; without it every poll looks. */
const hinted = (then: () => void): (() => void) => {
  try {
    const watcher = watch('/dev', { persistent: false }, (_, name) => {
      if (name === null || /^(tty|cu\.)/.test(name)) then();
    });
    watcher.on('error', () => undefined);
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
};

const follow = async (
  { list, known }: PortsSetup,
  { first, all, shell }: { readonly first: readonly ShownPort[]; readonly all: boolean; readonly shell: Shell },
): Promise<void> => {
  const clock = wallClock();
  const watching = watchPorts(
    first.map(({ port }) => port),
    known,
  );
  if (!shell.json) shell.talk('watching; Ctrl-C ends it');
  let wake = (): void => undefined;
  const unhint = hinted(() => wake());
  const awake = setInterval(() => undefined, 60_000);
  const stop = (): void => wake();
  shell.stop.addEventListener('abort', stop, { once: true });
  try {
    while (!shell.stop.aborted) {
      await new Promise<void>((resolve) => {
        const callOff = clock.at(clock.nowUs() + pollMs * 1_000, resolve);
        wake = () => (callOff(), resolve());
        if (shell.stop.aborted) wake();
      });
      if (shell.stop.aborted) break;
      const ports = await list();
      for (const event of watching.step(all ? ports : visible(ports), clock.nowUs() / 1_000)) tell(event, shell);
    }
    for (const event of watching.rest()) tell(event, shell);
  } finally {
    clearInterval(awake);
    shell.stop.removeEventListener('abort', stop);
    unhint();
  }
};
