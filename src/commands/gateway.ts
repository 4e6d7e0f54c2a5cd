import type { Log } from '../base/log.js';
import { problem, StellwerkError, type Problem } from '../base/problem.js';
import { atLevel } from '../base/log-levels.js';
import type { Catalogue } from '../catalogue.js';
import { lotSetupOf } from '../config/lots.js';
import { loadConfig, type ReadyConfig } from '../config/load.js';
import { openGateway, type RunningGateway } from '../gateway/gateway.js';
import { openGatewayControl } from '../gateway/control.js';
import { openJournal } from '../gateway/journal.js';
import type { GatewayStatus } from '../gateway/status.js';
import { memoryStore, type Store } from '../gateway/store.js';
import { openWatchPort } from '../gateway/watch-port.js';
import { wallClock, type Clock } from '../io/clock.js';
import { controlPath, type ControlServer } from '../io/control.js';
import type { HttpServer } from '../io/http-server.js';
import { lineLog } from '../io/log.js';
import { openNotify } from '../io/notify.js';
import { watchWall } from '../io/wall.js';
import { checkGateway, showChecks } from './gateway-check.js';
import { networkOf, outwardOf } from './gateway-parts.js';
import { unwiseSecrets } from './gateway-secrets.js';
import { catalogueOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const flushMs = 5_000;
const dayMs = 24 * 3_600_000;

/** Loads a configuration or throws everything that is wrong with it. */
export const readyConfig = async (
  file: string,
  from: { readonly env: Readonly<Record<string, string | undefined>>; readonly catalogue: Catalogue },
): Promise<ReadyConfig> => {
  const loaded = await loadConfig({ file, ...from });
  if (loaded.ok) return loaded.value;
  const [first, ...others] = loaded.problems;
  throw new StellwerkError(first ?? problem('internal', { what: 'a configuration without problems failed' }), {
    others,
  });
};

const verb: Verb = {
  command: 'gateway',
  describe: 'Take frames from gateways, publish parking events; runs until Ctrl-C',
  examples: [
    ['gateway -c stellwerk.yaml', 'run; log lines go to stderr'],
    ['gateway -c stellwerk.yaml --json', 'log lines as JSON on stdout'],
    ['gateway -c stellwerk.yaml --quiet', 'only what is out of the ordinary'],
    ['gateway -c stellwerk.yaml --check', 'look whether it could run, and change nothing'],
  ],
  builder: (argv) =>
    argv
      .option('config', { alias: 'c', type: 'string', default: 'stellwerk.yaml', describe: 'Configuration file' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No line for each uplink' })
      .option('check', { type: 'boolean', default: false, describe: 'Examine everything that it needs, and end' }),
  async run(args, shell) {
    const ready = await readyConfig(textOf(args, 'config')!, {
      env: shell.env,
      catalogue: await catalogueOf(args, shell),
    });
    const file = textOf(args, 'config')!;
    if (args['check'] === true) return showChecks(await checkGateway(ready, { file }), shell);
    const clock = wallClock();
    const notify = openNotify(shell.env);
    const line = lineLog(shell.json ? shell.out : shell.talk, { clock, json: shell.json });
    const log = atLevel(args['quiet'] === true ? 'info' : ready.config.log.level, line);
    const { config, devices, gateways, sources, sinks } = ready;
    for (const { event, ...where } of await unwiseSecrets(ready, { file })) log(event, where);
    const store = await storeOf(ready, { log, clock });
    const { recovered } = store;
    const gateway = await openGateway({
      name: config.name,
      settings: {
        ...networkOf(config),
        simulated: config.simulation,
        ...(ready.pseudonym && config.privacy.tags === 'hmac' && { pseudonym: ready.pseudonym }),
      },
      ...{ devices, gateways, sources, sinks, store, clock, log },
      folder: ready.folder,
      lots: config.lots.map(lotSetupOf),
      retentionDays: config.privacy.retentionDays,
      outward: await outwardOf(ready),
      wall: (told) => watchWall({ clock, told }),
    });
    const control = await doorOf(ready, { gateway, clock, log, env: shell.env });
    const watch = await watchOf(ready, { gateway, control });
    if (config.privacy.devEui !== 'plain')
      for (const { devEui, bay } of devices) if (bay === devEui) log('bay_named_by_device', { devEui });
    log('gateway_started', {
      name: config.name,
      devices: devices.length,
      remembered: recovered.devices,
      bays: recovered.bays,
      waiting: recovered.events,
      ...(recovered.tornBytes > 0 && { tornBytes: recovered.tornBytes }),
      ...(recovered.damaged > 0 && { damaged: recovered.damaged }),
      sources: gateway.sources.map(({ address }) => address),
      sinks: gateway.sinks.map(({ address }) => address),
      ...(control && { control: control.path }),
      ...(watch && { watch: watch.address }),
      ...(config.simulation && { simulation: true }),
    });
    notify.ready(`${devices.length} sensors, ${sinks.length} sinks`);
    notify.watch(() => true);
    await stopped(shell.stop);
    notify.stopping();
    await watch?.close();
    await control?.close();
    await gateway.close(flushMs);
    notify.close();
    log('gateway_stopped', summary(gateway));
  },
};
export default verb;

/** The store of a configuration: on disk where it names a folder. */
const storeOf = async (
  { state, config }: ReadyConfig,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Promise<Store> => {
  if (state === undefined) return memoryStore();
  const { maxMB, whenFull } = config.outbox;
  const bounds = { maxBytes: maxMB * 1e6, maxAgeMs: config.privacy.retentionDays * dayMs, whenFull };
  const opened = await openJournal(state, { log, nowUs: () => clock.nowUs(), outbox: bounds });
  if (!opened.ok) throw new StellwerkError(opened.problem);
  return opened.value;
};

/** The port for those who watch; throws when it cannot be opened, and then nothing is left running. */
const watchOf = async (
  { config, watchToken }: ReadyConfig,
  { gateway, control }: { readonly gateway: RunningGateway; readonly control: ControlServer | undefined },
): Promise<HttpServer | undefined> => {
  if (!config.watch) return undefined;
  const { host, port } = config.watch;
  const opened = await openWatchPort({
    ...{ host, port, ...(watchToken !== undefined && { token: watchToken }) },
    status: () => gateway.door.status() as GatewayStatus,
    figures: () => gateway.figures(),
  });
  if (!('problem' in opened)) return opened;
  await control?.close();
  await gateway.close(0);
  throw new StellwerkError(opened.problem);
};

/** The control socket of a gateway; throws when it cannot be opened, and then nothing is left running. */
const doorOf = async (
  ready: ReadyConfig,
  how: { readonly gateway: RunningGateway; readonly clock: Clock; readonly log: Log; readonly env: Shell['env'] },
): Promise<ControlServer | undefined> => {
  const { gateway, clock, log, env } = how;
  const { name } = ready.config;
  const path = controlPath({ name, control: ready.control, state: ready.state, env });
  const refuse = async (what: Problem): Promise<never> => {
    await gateway.close(0);
    throw new StellwerkError(what);
  };
  if (!path.ok) return refuse(path.problem);
  if (path.value === undefined) return undefined;
  const { door, desk } = gateway;
  const opened = await openGatewayControl({ path: path.value, name, door, desk, clock, log });
  return 'problem' in opened ? refuse(opened.problem) : opened;
};

/** Waits for Ctrl-C; a timer keeps the process alive, since no socket is bound to do so. */
const stopped = (stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const alive = setInterval(() => undefined, 60_000);
    stop.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });

const summary = (gateway: RunningGateway): Readonly<Record<string, unknown>> => ({
  ...gateway.counts,
  delivered: gateway.sinks.map(({ state }) => state.delivered),
  waiting: gateway.sinks.map(({ state }) => state.waiting),
});
