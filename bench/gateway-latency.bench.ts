import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '../src/base/log.js';
import { simulatedNetwork } from '../src/city/city.js';
import { openGateway, type RunningGateway } from '../src/gateway/gateway.js';
import { wallClock } from '../src/io/clock.js';
import mqttSink from '../src/sinks/mqtt/index.js';
import type { Bench } from './bench.js';
import { benchBroker, type BenchBroker } from './broker.js';
import { benchDevice, benchFrames, benchStore } from './street.js';

// Half of what the gateway does at the most (see gateway.bench.ts), steadily; from the close of the dedup window, when an
// event is made, to the broker's acknowledgement, the store's sync included.
const perSecond = 9_000;
const seconds = 2;
const devices = 12_000;
const limitMs = 50;
const clock = wallClock();
let broker: BenchBroker | undefined;
let gateway: RunningGateway | undefined;
let folder = '';
let fCnt = 0;
let latenciesMs: number[] = [];

const ours = async (): Promise<number> => {
  const frames = perSecond * seconds;
  const made = benchFrames(frames, { devices, from: fCnt, nowUs: clock.nowUs() });
  fCnt += Math.ceil(frames / devices);
  latenciesMs = [];
  const began = performance.now();
  for (let fed = 0; latenciesMs.length < frames;) {
    const due = Math.min(frames, Math.floor(((performance.now() - began) * perSecond) / 1000));
    for (; fed < due; fed++) gateway!.ingest({ ...made[fed]!, atUs: clock.nowUs() });
    if (performance.now() - began > 30_000) throw new Error('the events did not arrive');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)]!;
  process.stderr.write(`  p50 ${sorted[sorted.length >> 1]!.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`);
  return 1_000 / p99;
};

const bench: Bench = {
  id: 'gateway-latency',
  what: `p99 from the close of the dedup window to PUBACK at ${perSecond} events/s, synced to disk before, as its inverse`,
  peer: `a limit of ${limitMs} ms`,
  unit: '1/s',
  floor: 1,
  async setup() {
    broker = await benchBroker();
    folder = mkdtempSync(join(tmpdir(), 'stellwerk-bench-'));
    const settings = { ...simulatedNetwork, statusEveryMs: 0, simulated: true };
    const street = Array.from({ length: devices }, (_, n) => benchDevice(n));
    gateway = await openGateway({
      ...{ name: 'bench', settings, devices: street, gateways: 'any', sources: [], clock, log: silent },
      sinks: [{ kind: mqttSink, config: mqttSink.config.parse({ type: 'mqtt', url: broker.url }) }],
      store: await benchStore(folder, street, settings),
      watch: { delivered: ({ assertedTimeUs }, { atUs }) => void latenciesMs.push((atUs - assertedTimeUs) / 1000) },
    });
  },
  async round() {
    return { ours: await ours(), peer: 1_000 / limitMs };
  },
  async teardown() {
    await gateway?.close(1_000);
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  },
};
export default bench;
