import type { Log } from '../base/log.js';
import { problem, StellwerkError, type Problem } from '../base/problem.js';
import { hourMs } from '../base/time.js';
import type { Catalogue } from '../catalogue.js';
import { loadConfig, type ReadyConfig } from '../config/load.js';
import { openGateway, type RunningGateway } from '../gateway/gateway.js';
import { openGatewayControl } from '../gateway/control.js';
import { openJournal } from '../gateway/journal.js';
import { memoryStore } from '../gateway/store.js';
import { wallClock, type Clock } from '../io/clock.js';
import { controlPath, type ControlServer } from '../io/control.js';
import { lineLog } from '../io/log.js';
import { eu868 } from '../lorawan/regions/eu868.js';
import { usualNetwork, type NetworkSettings } from '../network/settings.js';
import { catalogueOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const flushMs = 5_000;

/** The embedded network's settings as a configuration has them. */
const networkOf = ({ network, netId }: ReadyConfig['config']): NetworkSettings => ({
  ...usualNetwork(eu868),
  netId: Number.parseInt(netId, 16),
  rx1DelayS: network.rx1DelayS,
  rx1DrOffset: network.rx1DrOffset,
  rx2DataRate: network.rx2DataRate,
  adr: network.adr ? { marginDb: network.adrMarginDb, maxDr: network.adrMaxDataRate } : 'off',
  dutyCycle: network.dutyCycle,
  reserve: network.reserve,
  confirmedTries: network.confirmedTries,
  statusEveryMs: network.statusEveryH * hourMs,
});

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
  ],
  builder: (argv) =>
    argv
      .option('config', { alias: 'c', type: 'string', default: 'stellwerk.yaml', describe: 'Configuration file' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No line for each uplink' }),
  async run(args, shell) {
    const ready = await readyConfig(textOf(args, 'config')!, {
      env: shell.env,
      catalogue: await catalogueOf(args, shell),
    });
    const clock = wallClock();
    const line = lineLog(shell.json ? shell.out : shell.talk, { clock, json: shell.json });
    const everyUplink = /^(uplink_accepted|gateway_stat)$/;
    const log: typeof line = (event, fields) =>
      args['quiet'] === true && everyUplink.test(event) ? undefined : line(event, fields);
    const store =
      ready.state === undefined ? { ok: true as const, value: memoryStore() } : await openJournal(ready.state, { log });
    if (!store.ok) throw new StellwerkError(store.problem);
    const { config, devices, gateways, sources, sinks } = ready;
    const gateway = await openGateway({
      name: config.name,
      settings: {
        ...networkOf(config),
        simulated: config.simulation,
        ...(ready.pseudonym && { pseudonym: ready.pseudonym }),
      },
      devices,
      gateways,
      sources,
      sinks,
      store: store.value,
      clock,
      log,
    });
    const control = await doorOf(ready, { gateway, clock, log, env: shell.env });
    log('gateway_started', {
      name: config.name,
      devices: devices.length,
      remembered: store.value.memories.length,
      sources: gateway.sources.map(({ address }) => address),
      sinks: gateway.sinks.map(({ address }) => address),
      ...(control && { control: control.path }),
      ...(config.simulation && { simulation: true }),
    });
    await stopped(shell.stop);
    await control?.close();
    await gateway.close(flushMs);
    log('gateway_stopped', summary(gateway));
  },
};
export default verb;

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
