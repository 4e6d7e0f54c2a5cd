import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { silent } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { wallClock } from '../../src/io/clock.js';
import { holderOfFile } from '../../src/io/holder.js';
import { offerLink } from '../../src/io/offer.js';
import { openLink } from '../../src/io/open-link.js';
import { openBoard, type MetBoard } from '../../src/workbench/meet.js';
import { openVirtual, type OpenVirtual } from '../../src/workbench/virtual.js';
import { openGateway } from '../../src/gateway/gateway.js';
import { memoryStore } from '../../src/gateway/store.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { usualNetwork } from '../../src/network/settings.js';
import { benchGateway } from '../../src/sim/modem-plan.js';
import { startModem } from '../../src/sim/modem.js';
import { havePeer } from '../peers/peer.js';

const catalogue = openCatalogue();
const clock = wallClock();
const twins = (await catalogue.all('twins')).map(({ entry }) => must(entry));

/** Each test closes what it opened, the last first; most of them wait for clocks, and so they wait together. */
type Later = (then: () => Promise<void>) => void;

/** A gateway of ours on a UDP socket that knows the board; and what became of each frame. */
const server = async (later: Later) => {
  const twin = twins.find((one) => one.id === 'rak-rui3')!;
  const { identity } = startModem({
    seed: 'e2e',
    name: twin.boards[0]!,
    profile: twin.profile,
    startUs: clock.nowUs(),
  });
  const heard: string[] = [];
  const source = must(await catalogue.load('sources', 'semtech-udp'));
  const model = must(await catalogue.load('sensors', 'generic-cayenne'));
  const gateway = await openGateway({
    ...{ name: 'kerb', clock, log: silent, store: memoryStore(), sinks: [] },
    settings: { ...usualNetwork(eu868), simulated: true },
    devices: [
      {
        ...{ devEui: identity.devEui, name: 'board', bay: 'board', lot: 'workshop', lorawan: twin.profile.lorawan },
        ...{ model, options: model.defaults },
        activation: { kind: 'otaa', joinEui: identity.joinEui, appKey: aesKey(identity.appKey) },
      },
    ],
    gateways: new Set([benchGateway.eui]),
    sources: [{ kind: source, config: source.config.parse({ type: 'semtech-udp', port: 0 }) }],
    watch: {
      outcome: ({ result, why }) =>
        void heard.push(why === 'bad-payload' || why === 'unknown-port' ? 'accepted' : (why ?? result)),
    },
  });
  later(() => gateway.close(200).then(() => undefined));
  return { settings: { address: gateway.sources[0]!.address }, keys: { heard: () => heard } };
};

type Kind = 'pty' | 'tcp' | 'rfc2217';
const virtual = async (
  later: Later,
  { id, kind, to }: { readonly id: string; readonly kind: Kind; readonly to: string },
): Promise<OpenVirtual> => {
  const twin = twins.find((one) => one.id === id)!;
  const board = twin.boards[0]!;
  const opened = must(
    await openVirtual({
      ...{ twin, board, seed: 'e2e', to, catalogue, clock, log: silent },
      offer: (ears) => offerLink({ kind }, ears),
    }),
  );
  later(() => opened.close());
  return opened;
};
const host = async (later: Later, address: string, console?: string): Promise<MetBoard> => {
  const board = await openBoard({
    ...{ address, plug: {}, catalogue, clock, log: silent, reconnect: false },
    ...(console !== undefined && { console }),
    open: (ears) => openLink(address, {}, ears),
  });
  later(() => board.close());
  return board;
};

describe('every console over every kind of cable', () => {
  for (const twin of twins)
    for (const kind of ['pty', 'tcp', 'rfc2217'] as const)
      test.concurrent(
        `${twin.id} over ${kind} is identified, and its port is free again`,
        async ({ onTestFinished }) => {
          const far = await virtual(onTestFinished, { id: twin.id, kind: kind, to: 'none' });
          const board = await host(onTestFinished, far.address, twin.id);
          const found = must(await board.meet());
          expect(found.dialect.id).toBe(twin.id);
          if (found.identity.devEui !== undefined) expect(found.identity.devEui).toBe(far.identity.devEui);
          await board.close();
          const again = await host(onTestFinished, far.address, twin.id);
          // What a board only says when it starts is not heard twice.
          const second = must(await again.meet());
          expect([second.dialect.id, second.identity.model]).toEqual([found.dialect.id, found.identity.model]);
          expect(second.identity.devEui).toBe(found.identity.devEui);
          await again.close();
          if (kind === 'pty') expect((await holderOfFile(far.address))?.pid).toBe(process.pid);
        },
      );
});

describe('people with a terminal', () => {
  test.runIf(havePeer('picocom')).concurrent('picocom talks to a virtual RAK3172', async ({ onTestFinished }) => {
    const far = await virtual(onTestFinished, { id: 'rak-rui3', kind: 'pty', to: 'none' });
    const said = await new Promise<string>((resolve, reject) => {
      const child = spawn('picocom', ['--noreset', '--nolock', '-q', '-b', '115200', '-x', '900', far.address], {
        detached: true,
      });
      let text = '';
      let typed = false;
      child.stdout.on('data', (bytes: Buffer) => {
        text += bytes.toString('latin1');
        // As a person does: not before it has started.
        if (typed || !text.includes('Current Work Mode')) return;
        typed = true;
        child.stdin.end('AT+DEVEUI=?\r\nAT+HWMODEL=?\r\n');
      });
      child.on('error', reject);
      child.on('close', () => resolve(text));
    });
    expect(said).toContain(`AT+DEVEUI=${far.identity.devEui.toUpperCase()}`);
    expect(said).toContain('AT+HWMODEL=rak3172');
  });
});

describe('a join on a virtual board is a real one', () => {
  test.concurrent(
    'through its gateway, a UDP socket and a network server with its keys; other keys fail',
    async ({ onTestFinished }) => {
      const { settings, keys } = await server(onTestFinished);
      const far = await virtual(onTestFinished, { id: 'rak-rui3', kind: 'pty', to: settings.address });
      const board = await host(onTestFinished, far.address, 'rak-rui3');
      const { dialect } = must(await board.meet());
      expect(must(await board.console.run(dialect.verbs.join({ attempts: 1, withinMs: 12_000 })))).toMatchObject({
        joined: true,
      });
      const sent = must(await board.console.run(dialect.verbs.send({ fPort: 2, hex: '0102', confirmed: true })));
      expect(sent.end).toBe('acknowledged');
      expect(keys.heard()).toEqual(['joined', 'accepted']);
      const wrong = 'ff'.repeat(16);
      must(await board.console.run(dialect.verbs.setKeys({ appKey: wrong })));
      expect(must(await board.console.run(dialect.verbs.join({ attempts: 1, withinMs: 12_000 })))).toMatchObject({
        joined: false,
      });
      expect(keys.heard().slice(2)).toEqual(['mic-mismatch']);
    },
    60_000,
  );
});
