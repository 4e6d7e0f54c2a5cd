// A gateway in a storm: real UDP sockets, a real mosquitto, a store on disk; time is ours. What is good is sent in every
// turn, what is bad between it, as much as the size of the storm says.
import { createSocket, type Socket } from 'node:dgram';
import { join } from 'node:path';
import { fromBase64 } from '../../src/base/base64.js';
import { dice } from '../../src/base/dice.js';
import { keptLog } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { parseDatagram, writeDatagram } from '../../src/dialects/radio/semtech-udp/index.js';
import { openGateway, type RunningGateway } from '../../src/gateway/gateway.js';
import { openJournal } from '../../src/gateway/journal.js';
import { steppedClock } from '../../src/io/clock.js';
import { openMqtt } from '../../src/io/mqtt.js';
import { parseFrame, sealData } from '../../src/lorawan/frame.js';
import mqttSink from '../../src/sinks/mqtt/index.js';
import udpSource from '../../src/sources/semtech-udp.js';
import { badCommands, badDatagrams, badFrames, forged, hugeDatagram, pushFrames, pushText, rxpk } from './bad-input.js';
import { joiner, joinRequest, mad, odd, rest, sessionOf, silent, spoken, street, talkers } from './storm-street.js';
import { heapBytes } from '../tools/heap.js';

const startUs = 1_780_293_600_000_000;
const second = 1_000_000;
const turns = 8;
const good = '0253544b47570001';
/** Each with a pace of its own: one speaks rubbish, one hears what is bad, one is too fast; the last one only asks. */
const rubbish = '0bad000000000001';
const radio = '0bad000000000002';
const hasty = '0bad000000000003';
const asks = '0253544b47570009';
const joinNonce = 77;

export interface StormStory {
  /** Of good frames, as somebody at the broker heard them: event and bay. */
  readonly events: readonly {
    readonly id: string;
    readonly bay: string;
    readonly kind: string;
    readonly occupied: boolean;
  }[];
  /** Frames of the talkers and of the joiner that were acknowledged, as bay and turn. */
  readonly acked: ReadonlySet<string>;
  /** What was sent, by what it has to be counted as. */
  readonly sent: Readonly<Record<string, number>>;
  readonly counts: RunningGateway['counts'];
  readonly sinks: readonly RunningGateway['sinks'][number]['state'][];
  readonly figures: ReadonlyMap<string, number>;
  /** Lines of the log by event. */
  readonly lines: Readonly<Record<string, number>>;
  /** Bytes that the heap had more at the end than after the second turn. */
  readonly grownBytes: number;
  readonly forMs: number;
}

const bound = (address: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, address, () => resolve(socket));
  });

/** Plays the street, and over it a storm of that size; 0: a quiet day. */
export const playStorm = async (setup: {
  readonly size: number;
  readonly folder: string;
  readonly broker: string;
  /** A broker whose certificate is signed by somebody else than who stands in `ca`. */
  readonly strange: { readonly url: string; readonly ca: string };
}): Promise<StormStory> => {
  const { size, folder, broker } = setup;
  const beganMs = performance.now();
  const prefix = `storm-${size}`;
  const clock = steppedClock(startUs);
  const { log, events: lines } = keptLog();
  const store = must(await openJournal(join(folder, prefix), { nowUs: () => clock.nowUs() }));
  let setWall: (offsetUs: number, byUs: number) => void = () => undefined;
  const mqtt = (options: object) => ({ kind: mqttSink, config: mqttSink.config.parse({ type: 'mqtt', ...options }) });
  const gateway = await openGateway({
    ...{
      name: 'yard',
      settings: { ...simulatedNetwork, simulated: false },
      devices: street,
      store,
      clock,
      log,
      folder,
    },
    gateways: new Set([good, rubbish, radio, hasty, asks]),
    sources: [{ kind: udpSource, config: udpSource.config.parse({ type: 'semtech-udp', port: 0 }) }],
    sinks: [
      mqtt({ url: setup.strange.url, ca: setup.strange.ca, prefix }),
      mqtt({ url: broker, commands: true, prefix }),
    ],
    wall(told) {
      told({ offsetUs: 0, synced: true }, 0);
      setWall = (offsetUs, byUs) => told({ offsetUs, synced: true }, byUs);
      return () => undefined;
    },
  });
  const port = Number(new URL(gateway.sources[0]!.address).port);
  const sockets = { good: await bound('127.0.0.1'), bad: await bound('127.0.0.2'), asks: await bound('127.0.0.1') };
  const sent: Record<string, number> = {};
  const tally = (why: string, many = 1): void => void (sent[why] = (sent[why] ?? 0) + many);
  const send = (socket: Socket, bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) =>
      socket.send(bytes, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );

  // Whoever hears the answer knows that all that came before was read.
  let heardAll: (() => void) | undefined;
  sockets.asks.on('message', () => heardAll?.());
  const drained = async (): Promise<void> => {
    const heard = new Promise<void>((resolve) => (heardAll = resolve));
    await send(sockets.asks, writeDatagram({ type: 'pull-data', version: 2, token: 1, gateway: asks }));
    await heard;
  };

  const acked = new Set<string>();
  let turn = 0;
  let session: ReturnType<typeof sessionOf>;
  const bayOf = (devAddr: number): string | undefined =>
    session?.devAddr === devAddr ? joiner.bay : talkers.find((one) => rest(one).devAddr === devAddr)?.bay;
  sockets.good.on('message', (bytes) => {
    const read = parseDatagram(bytes);
    if (!read.ok || read.value.type !== 'pull-resp') return;
    const { token, txpk } = read.value;
    const phy = must(fromBase64(txpk['data'] as string));
    const frame = must(parseFrame(phy));
    if (frame.kind === 'join-accept') session ??= sessionOf(joiner, phy, joinNonce);
    if (frame.kind === 'data' && frame.ack) acked.add(`${bayOf(frame.devAddr)} ${turn}`);
    void send(sockets.good, writeDatagram({ type: 'tx-ack', version: 2, token, gateway: good, ack: {} }));
  });
  await send(sockets.good, writeDatagram({ type: 'pull-data', version: 2, token: 1, gateway: good }));
  await drained();

  const heard: StormStory['events'][number][] = [];
  const reader = openMqtt({
    url: broker,
    onMessage: (_, text) => heard.push(JSON.parse(text) as StormStory['events'][number]),
  });
  await reader.subscribe(`${prefix}/events`);
  const commander = openMqtt({ url: broker, inFlight: 1_000 });
  const said = async (what: string, holds: () => boolean): Promise<void> => {
    for (const end = performance.now() + 10_000; !holds();) {
      if (performance.now() > end) throw new Error(`this never came: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await said('the broker', () => lines.some(({ event }) => event === 'commands_open'));
  const commands = (): number => {
    const { taken = 0, refused = 0 } = gateway.sinks[1]!.state.commands ?? {};
    return taken + refused;
  };

  let n = 0;
  let commanded = 0;
  const old: Uint8Array[] = [];
  type Act = () => Promise<void> | void;

  /** What is bad, for one turn. */
  const storm = (): Act[] => {
    const acts: Act[] = [];
    const bad = (bytes: Uint8Array, why: string, from = sockets.bad): void => {
      tally(why);
      acts.push(() => send(from, bytes));
    };
    for (let i = 0; i < 3 * size; i++) for (const [why, make] of badDatagrams(rubbish)) bad(make(n++), why);
    for (let i = 0; i < size; i++) bad(hugeDatagram(rubbish), 'datagram-json');
    // In the name of the good one, from elsewhere.
    for (let i = 0; i < 20 * size; i++) bad(pushFrames(good, [rxpk(spoken(talkers[0]!, turn))]), 'address-changed');
    // Its clock stands still for us: after its first 400 (as configured) there is no more.
    for (let i = 0; turn === 0 && i < 500 * size; i++) bad(pushFrames(hasty, []), i < 400 ? 'nothing' : 'too-fast');
    // Good reports, only far too many of them.
    for (let i = 0; i < 10 * size; i++) bad(pushText(radio, '{"stat":{"rxnb":1}}'), 'report');
    const frames: (readonly [why: string, phy: Uint8Array])[] = [];
    for (let i = 0; i < 16 * size; i++) {
      for (const device of [...talkers, silent]) frames.push(['mic-mismatch', forged(rest(device).devAddr, n++)]);
      for (const [why, make] of badFrames({ silent, joiner })) frames.push([why, make(n++)]);
    }
    for (let i = 0; i < 5 * size; i++) {
      frames.push(['mad-join', joinRequest(mad, n++)]);
      frames.push(['join-eui-mismatch', joinRequest(mad, n++, 'ffffffffffffffff')]);
      if (session)
        frames.push(['dev-nonce-used', joinRequest(joiner, joinNonce, (n++).toString(16).padStart(16, '0'))]);
    }
    // All that the talkers ever said; what comes more than once in a turn is a copy.
    for (const phy of size > 0 ? old : []) {
      frames.push(['replay', phy]);
      for (let i = 0; i < size; i++) frames.push(['copy', phy]);
    }
    if (size > 0) {
      frames.push(['unknown-port', sealData({ ...rest(odd), fCnt: 2 * turn, fPort: 200, payload: Uint8Array.of(1) })]);
      frames.push(['bad-payload', sealData({ ...rest(odd), fCnt: 2 * turn + 1, fPort: 2 })]);
    }
    for (const [why] of frames) tally(why);
    for (let at = 0; at < frames.length; at += 20) {
      const list = frames.slice(at, at + 20).map(([why, phy]) => rxpk(phy, why === 'crc-bad' ? { stat: -1 } : {}));
      acts.push(() => send(sockets.bad, pushFrames(radio, list)));
    }
    const command = (device: string, payload: string, retain = false): void => {
      commanded++;
      acts.push(() => commander.publish({ topic: `${prefix}/device/${device}/command/down`, payload, qos: 1, retain }));
    };
    for (let i = 0; i < 5 * size; i++)
      for (const [, text] of badCommands) {
        command(silent.devEui, text(n++));
        tally('command-refused');
      }
    for (let i = 0; i < 10 * size; i++) {
      command('nobody', '{"fPort":1,"hex":"00"}');
      command('ffffffffffffffff', '{"fPort":1,"hex":"00"}');
      tally('command-refused', 2);
    }
    for (let i = 0; i < 40 * size; i++) {
      command(silent.devEui, JSON.stringify({ fPort: 1, hex: '00', confirmed: i % 2 === 0 }));
      tally('command-taken');
    }
    // The clock of the wall, ten years on and back.
    for (let i = 0; i < 2 * size; i++) {
      const years = 10 * 365 * 86_400 * second * (i % 2 === 0 ? 1 : -1);
      acts.push(() => setWall(years > 0 ? years : 0, years));
      tally('clock');
    }
    return acts;
  };

  /** What is good, for one turn. */
  const fair = (): readonly Uint8Array[] => {
    const said = talkers.map((device) => spoken(device, turn));
    old.push(...said);
    if (turn === 2) said.push(joinRequest(joiner, joinNonce));
    if (turn > 2 && session) {
      const facts = { ...session, uplink: true, confirmed: true, fCnt: turn - 3, fPort: 1 };
      said.push(sealData({ ...facts, payload: Uint8Array.of(1 - (turn & 1)) }));
    }
    return said;
  };

  let warmBytes = 0;
  for (; turn < turns; turn++) {
    const acts = storm();
    const chance = dice(prefix, `turn ${turn}`);
    for (const phy of fair()) {
      const at = Math.floor(chance.next() * (acts.length + 1));
      acts.splice(at, 0, () => send(sockets.good, pushFrames(good, [rxpk(phy)])));
    }
    for (const [at, act] of acts.entries()) {
      await act();
      if (at % 32 === 31) await drained();
    }
    await drained();
    await said('all commands', () => commands() === commanded);
    clock.advance(clock.nowUs() + second / 4);
    await gateway.settled(5_000);
    clock.advance(clock.nowUs() + (7 * second) / 4);
    await gateway.settled(5_000);
    if (turn === 1) warmBytes = heapBytes();
  }
  const expected = turns * talkers.length + (turns - 3);
  await said('all events', () => heard.length >= expected && gateway.sinks[1]!.state.waiting === 0);
  const grownBytes = heapBytes() - warmBytes;
  const sinks = gateway.sinks.map(({ state }) => state);
  const figures = new Map(
    gateway
      .figures()
      .flatMap(({ name, samples }) =>
        samples.map(({ labels = {}, value }) => [[name, ...Object.values(labels)].join(' '), value] as const),
      ),
  );
  await reader.close();
  await commander.close();
  await gateway.close(0);
  for (const socket of Object.values(sockets)) socket.close();
  const byEvent: Record<string, number> = {};
  for (const { event } of lines) byEvent[event] = (byEvent[event] ?? 0) + 1;
  const { counts } = gateway;
  return {
    events: heard,
    acked,
    sent,
    counts,
    sinks,
    figures,
    lines: byEvent,
    grownBytes,
    forMs: performance.now() - beganMs,
  };
};
