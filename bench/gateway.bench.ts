import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { silent } from '../src/base/log.js';
import { simulatedNetwork } from '../src/city/city.js';
import { openGateway, type RunningGateway } from '../src/gateway/gateway.js';
import { wallClock } from '../src/io/clock.js';
import mqttSink from '../src/sinks/mqtt/index.js';
import type { Bench } from './bench.js';
import { benchBroker, type BenchBroker } from './broker.js';
import { benchDevice, benchFrames, benchStore } from './street.js';

// Frames in hand, counters and outbox on disk, one event and one retained state for each of them at the broker.
const frames = 24_000;
const devices = 12_000;
const underway = 12_000;
const clock = wallClock();
let broker: BenchBroker | undefined;
let gateway: RunningGateway | undefined;
let folder = '';
let fCnt = 0;
let ourCpuUs = 0;
let peerCpuUs = 0;

const cpuUs = async (
  work: () => Promise<number>,
): Promise<{ readonly messages: number; readonly us: number; readonly s: number }> => {
  const before = process.cpuUsage();
  const began = performance.now();
  const messages = await work();
  const { user, system } = process.cpuUsage(before);
  return { messages, us: (user + system) / messages, s: (performance.now() - began) / 1000 };
};

const ours = async (): Promise<number> => {
  const sink = gateway!.sinks[0]!;
  const made = benchFrames(frames, { devices, from: fCnt, nowUs: clock.nowUs() });
  fCnt += frames / devices;
  const count = (): number => sink.state.delivered + sink.state.states.delivered;
  const [events, all] = [sink.state.delivered, count()];
  const run = await cpuUs(async () => {
    // A steady stream, as fast as it goes: so many frames are in the dedup window and behind it.
    let fed = 0;
    for (const end = performance.now() + 30_000; ;) {
      const delivered = sink.state.delivered - events;
      if (delivered >= frames && sink.state.states.waiting === 0) break;
      if (performance.now() > end) throw new Error('the events did not arrive');
      for (const most = Math.min(frames, delivered + underway); fed < most; fed++)
        gateway!.ingest({ ...made[fed]!, atUs: clock.nowUs() });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return count() - all;
  });
  ourCpuUs = run.us;
  // The dedup window is a wait, no work: the peer has none.
  return run.messages / Math.max(0.001, run.s - 0.2);
};

const peer = async (): Promise<number> => {
  const client = await mqtt.connectAsync(broker!.url);
  const payload = Buffer.from('x'.repeat(450));
  const window = 1_000;
  const run = await cpuUs(async () => {
    let sent = 0;
    let done = 0;
    await new Promise<void>((resolve) => {
      const more = (): void => {
        while (sent - done < window && sent < 2 * frames) {
          client.publish(`peer/${sent++ % devices}`, payload, { qos: 1 }, () => {
            if (++done === 2 * frames) resolve();
            else more();
          });
        }
      };
      more();
    });
    return 2 * frames;
  });
  peerCpuUs = run.us;
  await client.endAsync();
  return run.messages / run.s;
};

const bench: Bench = {
  id: 'gateway',
  what: 'PUBLISH messages acknowledged (QoS 1: an event and a state for each frame), counters, bays and outbox synced',
  peer: 'bare mqtt.js publisher (QoS 1, window 1000), same broker, nothing on disk',
  unit: 'messages/s',
  floor: 0.4,
  async setup() {
    broker = await benchBroker();
    folder = mkdtempSync(join(tmpdir(), 'stellwerk-bench-'));
    const settings = { ...simulatedNetwork, statusEveryMs: 0, simulated: true };
    const street = Array.from({ length: devices }, (_, n) => benchDevice(n));
    gateway = await openGateway({
      name: 'bench',
      settings,
      devices: street,
      gateways: 'any',
      sources: [],
      sinks: [{ kind: mqttSink, config: mqttSink.config.parse({ type: 'mqtt', url: broker.url }) }],
      store: await benchStore(folder, street, settings),
      clock,
      log: silent,
    });
  },
  async round() {
    const round = { ours: await ours(), peer: await peer() };
    process.stderr.write(`  CPU for a message: ${ourCpuUs.toFixed(1)} us, peer ${peerCpuUs.toFixed(1)} us\n`);
    return round;
  },
  async teardown() {
    await gateway?.close(1_000);
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  },
};
export default bench;
