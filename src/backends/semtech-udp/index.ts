import { problem } from '../../base/problem.js';
import { usPerMs, type Us } from '../../base/time.js';
import { addressOf, hostPort, isLoopback } from '../../io/sockets.js';
import { sparseLog } from '../../io/sparse-log.js';
import { defineBackend, type BackendContext } from '../define.js';
import { openForwarder, type Forwarder } from './forwarder.js';
import { traffic } from './traffic.js';

const form = 'udp://host:port';
const usualPort = 1700;

// keepalive_interval and stat_interval of the reference forwarder's sample configuration.
const pullEveryUs = 5_000 * usPerMs;
const reportEveryUs = 30_000 * usPerMs;
const greetWithinMs = 1_000;
const greetRetryMs = 250;
const atOnce = 64;

const targetOf = (to: string): { readonly host: string; readonly port: number } | undefined => {
  const match = /^udp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s/:[\]]+))(?::(\d{1,5}))?\/?$/.exec(to);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? usualPort);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
};

/** Says hello until every server end has answered, at most a second; gives back the forwarders without an answer. */
const greet = async (forwarders: readonly Forwarder[], quiet: (ms: number) => Promise<number>): Promise<number> => {
  const endAt = performance.now() + greetWithinMs;
  const silent = [...forwarders];
  for (let left = greetWithinMs; silent.length > 0 && left > 0; left = endAt - performance.now()) {
    const some = silent.splice(0, atOnce);
    for (const forwarder of some) forwarder.pull();
    await quiet(Math.min(greetRetryMs, left));
    for (const forwarder of some) forwarder.giveUp();
    silent.push(...some.filter(({ answered }) => !answered));
  }
  return silent.length;
};

/** Calls `then` every `everyUs` from `firstUs` on; an interval that was slept through is not made up for. */
const repeat = (
  clock: BackendContext['clock'],
  firstUs: Us,
  { everyUs, then }: { everyUs: number; then(): void },
): (() => void) => {
  let off = clock.at(firstUs, function tick() {
    off = clock.at(clock.nowUs() + everyUs, tick);
    then();
  });
  return () => off();
};

/** Simulated gateways as Semtech packet forwarders: what ChirpStack, The Things Stack and our own gateway listen for. */
export default defineBackend({
  id: 'semtech-udp',
  summary: 'a server that takes Semtech UDP packet forwarders',
  form,
  accepts: (to) => to.startsWith('udp:'),
  answers: true,
  async open(to, context) {
    const target = targetOf(to);
    if (!target) return { problem: problem('bad-target', { to, form }) };
    const found = await addressOf(target.host);
    if (!found.ok) return { problem: found.problem };
    const { clock, log } = context;
    const server = { address: found.value.address, port: target.port };
    const everywhere = found.value.family === 6 ? '::' : '0.0.0.0';
    const from = isLoopback(server.address) ? server.address : everywhere;
    const address = `udp://${hostPort(target.host, target.port)}`;
    const say = sparseLog(log);
    const wire = traffic(atOnce);
    const forwarders = new Map<string, Forwarder>();
    const timers: (() => void)[] = [];
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      for (const off of timers) off();
      closing ??= Promise.all([...forwarders.values()].map((forwarder) => forwarder.close())).then(() => undefined);
      return closing;
    };

    for (const gateway of context.gateways) {
      const downlink = context.downlink;
      const opened = await openForwarder({ gateway, server, from, clock, traffic: wire, say, downlink });
      if ('problem' in opened) {
        await close();
        return opened;
      }
      forwarders.set(gateway.eui, opened);
    }
    const all = [...forwarders.values()];
    const silent = await greet(all, wire.quiet);
    if (silent > 0) log('server_silent', { address, gateways: silent });

    const nowUs = clock.nowUs();
    // Spread over the interval: hundreds of gateways that speak in the same instant overrun a receive buffer.
    for (const [i, forwarder] of all.entries()) {
      const share = (i + 1) / all.length;
      const firstPullUs = nowUs + Math.round(pullEveryUs * share);
      timers.push(repeat(clock, firstPullUs, { everyUs: pullEveryUs, then: forwarder.pull }));
      const firstReportUs = nowUs + Math.round(reportEveryUs * share);
      timers.push(repeat(clock, firstReportUs, { everyUs: reportEveryUs, then: forwarder.report }));
    }

    return {
      address,
      state: wire.counts,
      uplink(rx) {
        const forwarder = forwarders.get(rx.gateway);
        if (!closing && forwarder) forwarder.uplink(rx);
        else say('uplink_dropped', closing ? 'closed' : 'unknown-gateway', { gateway: rx.gateway });
      },
      async settled(withinMs) {
        const open = await wire.quiet(withinMs);
        if (open === 0) return 0;
        say('uplinks_unacknowledged', 'no PUSH_ACK', { address, open });
        for (const forwarder of all) forwarder.giveUp();
        return open;
      },
      close,
    };
  },
});
