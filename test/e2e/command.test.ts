import { describe, expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { silent } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { ok } from '../../src/base/result.js';
import { toHex } from '../../src/base/hex.js';
import { openCatalogue, type Catalogue, type Room } from '../../src/catalogue.js';
import { buildCity } from '../../src/city/city.js';
import { runLockstep } from '../../src/city/lockstep.js';
import { openGateway } from '../../src/gateway/gateway.js';
import { memoryStore } from '../../src/gateway/store.js';
import { steppedClock } from '../../src/io/clock.js';
import { defineBehaviour } from '../../src/sim/behaviour.js';
import { brokers, listener, until } from '../sinks/stand.js';
import { idealFleet } from './fleet.js';

// The whole way down: a message on a broker's topic, the gateway's queue, a sealed frame in a UDP datagram, the air, the
// sensor's program; and the way back of its acknowledgement.

const shelves = openCatalogue();

describe.each(brokers)('a command over %s', (_name, open, there) => {
  test.skipIf(!there).each(['A', 'C'] as const)(
    'reaches a class %s sensor, which acknowledges it; every step is told',
    async (deviceClass) => {
      const { url } = await open();
      const got: string[] = [];
      const behaviour = defineBehaviour({
        id: 'obedient',
        model: bosch,
        source: 'this test',
        mac: { lorawan: '1.0.3', joinDataRates: [5], dataRate: 5, confirmedTries: 4, eirpDbm: 14, deviceClass },
        columns: {},
        step(_row, input, port) {
          if (input.kind === 'downlink') got.push(`${input.fPort} ${toHex(input.bytes)}`);
          if (input.kind !== 'joined' && input.kind !== 'wake') return;
          port.send({ type: 'status', occupied: true });
          port.wakeInMs(0, 60_000);
        },
      });
      const catalogue: Catalogue = {
        ...shelves,
        load: ((room: Room, id: string) =>
          id === 'obedient' ? Promise.resolve(ok(behaviour)) : shelves.load(room, id)) as Catalogue['load'],
      };
      const scenario = await idealFleet({ bays: 1, bootSpreadMs: 1_000, model: 'obedient' });
      const clock = steppedClock(scenario.startUs);
      const { run, plan, devices, settings } = await buildCity({ scenario, seed: '1', catalogue, activation: 'otaa' });
      const source = must(await catalogue.load('sources', 'semtech-udp'));
      const sink = must(await catalogue.load('sinks', 'mqtt'));
      const gateway = await openGateway({
        ...{ name: 'kerb', settings, devices, clock, log: silent, store: memoryStore() },
        gateways: new Set(plan.gateways.map(({ eui }) => eui)),
        sources: [{ kind: source, config: source.config.parse({ type: 'semtech-udp', port: 0 }) }],
        sinks: [{ kind: sink, config: sink.config.parse({ type: 'mqtt', url, commands: true }) }],
      });
      const kind = must(await catalogue.load('backends', 'semtech-udp'));
      const backend = await kind.open(gateway.sources[0]!.address, {
        ...{ clock, log: silent, gateways: plan.gateways },
        downlink: (tx) => run.offer(tx),
      });
      if ('problem' in backend) throw new Error(backend.problem.code);
      try {
        const { link, heard } = await listener(url);
        await until(() => gateway.sinks[0]!.state.connected);
        const [{ devEui }] = devices as [(typeof devices)[0]];
        const prefix = `stellwerk-simulated/device/${devEui}`;
        const results = () =>
          heard
            .filter(([topic]) => topic === `${prefix}/event/down`)
            .map(([, text]) => JSON.parse(text) as { readonly id: string; readonly state: string });
        const states = (id: string) => results().flatMap((one) => (one.id === id ? [one.state] : []));
        const ask = (command: object): void =>
          link.publish({ topic: `${prefix}/command/down`, payload: JSON.stringify(command), qos: 1, retain: false });
        const play = (seconds: number): Promise<void> =>
          runLockstep({
            ...{ run, clock, backend, speed: Infinity, out: {}, stop: new AbortController().signal },
            gatewaySettled: () => gateway.settled(2_000),
            untilUs: run.nowUs + seconds * 1_000_000,
          });
        await until(() => {
          ask({ fPort: 9, hex: 'cafe', confirmed: true, id: 'first' });
          return states('first').length > 0;
        });
        expect(gateway.door.queueOf(devEui)).toHaveLength(1);
        await play(deviceClass === 'C' ? 30 : 150);
        await until(() => states('first').includes('acknowledged'));
        expect(got).toEqual(['9 cafe']);
        expect(states('first').filter((state) => state !== 'failed')).toEqual(['queued', 'sent', 'acknowledged']);

        ask({ fPort: 10, data: Buffer.from([1, 2, 3]).toString('base64'), id: 'second' });
        await until(() => states('second').length > 0);
        await play(70);
        await until(() => states('second').includes('sent'));
        expect(got).toEqual(['9 cafe', '10 010203']);
      } finally {
        await backend.close();
        await gateway.close(200);
      }
    },
    30_000,
  );
});
