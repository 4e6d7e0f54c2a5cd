// A gateway under load, killed again and again, and its broker with it: whatever it promised must arrive.
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dice } from '../../src/base/dice.js';
import { openMqtt } from '../../src/io/mqtt.js';
import { startMosquitto, type Mosquitto } from '../peers/mosquitto.js';
import { brokerWire } from './proxy.js';
import { bayName, devicesYaml, gatewayEuis, street, type Promised } from './street.js';

const program = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

export interface TortureSetup {
  /** An empty folder of its own. */
  readonly folder: string;
  readonly cycles: number;
  readonly seed: string;
  readonly sensors?: number;
  /** Hears of each cycle. */
  progress?(cycle: number, facts: { readonly promised: number; readonly acknowledged: number }): void;
}

/** How it went; `lost`, `wrong` and `stale` are empty when the promise was kept. */
export interface TortureReport {
  readonly seed: string;
  readonly cycles: number;
  readonly gatewayKills: number;
  readonly brokerRestarts: number;
  readonly brokerKills: number;
  readonly wireCuts: number;
  readonly sent: number;
  readonly transmissions: number;
  readonly promised: number;
  /** Events that arrived, and how often one came that had come before. */
  readonly events: number;
  readonly repeated: number;
  /** Frames without an acknowledgement whose event never came: at most those that were in the gateway's hands at a kill. */
  readonly unpromisedLost: number;
  readonly lost: readonly Promised[];
  readonly wrong: readonly string[];
  /** Bays whose retained state is not their newest event. */
  readonly stale: readonly string[];
  /** The last lines of the gateway, for a story. */
  readonly lines: readonly string[];
}

const freeUdpPort = (): Promise<number> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const mostLines = 400;

/** Plays it; takes about two seconds for each cycle. */
export const torture = async (setup: TortureSetup): Promise<TortureReport> => {
  const { folder, cycles, seed, sensors = 40 } = setup;
  const roll = dice(seed, 'torture');
  const udpPort = await freeUdpPort();
  const broken = ['allow_anonymous true', 'max_queued_messages 0', 'max_inflight_messages 0'];
  let broker: Mosquitto = await startMosquitto({ config: broken });
  const counts = { gatewayKills: 0, brokerRestarts: 0, brokerKills: 0, wireCuts: 0, repeated: 0 };
  const wrong: string[] = [];

  // What the broker said it has. Whom it gives it to is its own affair.
  const arrived = new Map<string, string>();
  const newest = new Map<string, number>();
  const published = new Map<string, string>();
  const wire = await brokerWire(broker.port, {
    published({ topic, payload }) {
      if (!topic.endsWith('/events')) return;
      const { id, bay, fCnt } = JSON.parse(payload) as { id: string; bay: string; fCnt: number };
      const before = published.get(id);
      if (before !== undefined) {
        counts.repeated++;
        if (before !== payload) wrong.push(`event ${id} came again with another text`);
        return;
      }
      published.set(id, payload);
      if (fCnt <= (newest.get(bay) ?? -1)) wrong.push(`${bay}: counter ${fCnt} after ${newest.get(bay)}`);
      newest.set(bay, Math.max(fCnt, newest.get(bay) ?? -1));
    },
    acknowledged({ topic, payload }) {
      if (topic.endsWith('/events')) arrived.set((JSON.parse(payload) as { id: string }).id, payload);
    },
  });

  writeFileSync(join(folder, 'devices.yaml'), devicesYaml(sensors));
  writeFileSync(
    join(folder, 'stellwerk.yaml'),
    `name: torture\ncontrol: off\nstate: state\ndevices: devices.yaml\nnetwork: { dutyCycle: ignore, statusEveryH: 0, adr: false }\n` +
      `gateways: [${gatewayEuis.map((eui) => `"${eui}"`).join(', ')}]\n` +
      `sources: [{ type: semtech-udp, port: ${udpPort}, datagramsPerSecond: 100000, burst: 100000 }]\n` +
      `sinks: [{ type: mqtt, url: 'mqtt://127.0.0.1:${wire.port}' }]\n`,
  );
  const lines: string[] = [];
  let child: ChildProcess | undefined;
  const startGateway = async (): Promise<void> => {
    const one = spawn(process.execPath, [program, 'gateway', '-c', 'stellwerk.yaml', '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = one;
    await new Promise<void>((resolve, reject) => {
      let open = '';
      one.stderr.setEncoding('utf8').on('data', (text: string) => lines.push(text));
      one.stdout.setEncoding('utf8').on('data', (text: string) => {
        const [...whole] = (open + text).split('\n');
        open = whole.pop()!;
        for (const line of whole) {
          lines.push(line);
          if (line.includes('"gateway_started"')) resolve();
        }
        if (lines.length > mostLines) lines.splice(0, lines.length - mostLines);
      });
      one.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${lines.slice(-5).join('\n')}`)));
    });
  };
  const killGateway = async (signal: NodeJS.Signals): Promise<void> => {
    const one = child!;
    const gone = new Promise<void>((resolve) => one.once('exit', () => resolve()));
    one.kill(signal);
    await gone;
  };

  const cars = street({ sensors, udpPort, pauseMs: 150 });
  try {
    await startGateway();
    await cars.meet();
    cars.start();
    for (let cycle = 1; cycle <= cycles; cycle++) {
      await sleep(200 + roll.next() * 1_300);
      const fate = roll.next();
      if (fate < 0.15) {
        // A broker that ends as it should, and is away for a moment.
        const { port } = broker;
        await broker.stop();
        counts.brokerRestarts++;
        await sleep(roll.next() * 800);
        broker = await startMosquitto({ port, config: broken });
      } else if (fate < 0.3) {
        const { port } = broker;
        await broker.kill();
        counts.brokerKills++;
        broker = await startMosquitto({ port, config: broken });
      } else if (fate < 0.5) {
        wire.cut();
        counts.wireCuts++;
      } else if (fate < 0.7) {
        wire.swallow();
        counts.wireCuts++;
      }
      await sleep(roll.next() * 300);
      await killGateway('SIGKILL');
      counts.gatewayKills++;
      await startGateway();
      await cars.meet();
      setup.progress?.(cycle, { promised: cars.promised.length, acknowledged: arrived.size });
    }
    await cars.rest(10_000);
    for (const end = Date.now() + 15_000; cars.promised.some(({ event }) => !arrived.has(event)) && Date.now() < end;)
      await sleep(100);
    await sleep(500);

    const retained = new Map<string, string>();
    const reader = openMqtt({ url: broker.url, onMessage: (topic, text) => retained.set(topic, text) });
    await reader.subscribe('stellwerk/lot/torture/bay/+');
    await sleep(500);
    await reader.close();
    const stale = Array.from({ length: sensors }, (_, n) => bayName(n)).filter((bay) => {
      const state = retained.get(`stellwerk/lot/torture/bay/${bay}`);
      const fCnt = newest.get(bay);
      return fCnt !== undefined && (!state || (JSON.parse(state) as { fCnt: number }).fCnt !== fCnt);
    });
    await killGateway('SIGTERM');
    const lost = cars.promised.filter(({ event }) => !arrived.has(event));
    return {
      ...{ seed, cycles, ...counts, sent: cars.counts.sent, transmissions: cars.counts.transmissions },
      ...{ promised: cars.promised.length, events: arrived.size, unpromisedLost: cars.counts.sent - arrived.size },
      ...{ lost, wrong: [...wrong, ...cars.wrong], stale, lines },
    };
  } finally {
    child?.kill('SIGKILL');
    await cars.close();
    await wire.close();
    await broker.stop();
  }
};
