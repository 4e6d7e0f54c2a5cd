import mqtt from 'mqtt';
import udpBackend from '../src/backends/semtech-udp/index.js';
import { silent } from '../src/base/log.js';
import { simulatedNetwork } from '../src/city/city.js';
import { openGateway, type RunningGateway } from '../src/gateway/gateway.js';
import { memoryStore } from '../src/gateway/store.js';
import { wallClock } from '../src/io/clock.js';
import { aesKey } from '../src/lorawan/aes.js';
import { sealData } from '../src/lorawan/frame.js';
import type { OpenBackend } from '../src/backends/define.js';
import mqttSink from '../src/sinks/mqtt/index.js';
import udpSource from '../src/sources/semtech-udp.js';
import type { Bench } from './bench.js';
import { benchBroker, type BenchBroker } from './broker.js';
import { benchDevice, benchGateway as eui } from './street.js';

// One gateway's frames of many devices, as many as are handed over in one go without overrunning a receive buffer.
const frames = 2_000;
const devices = 500;
const key = new Uint8Array(16).fill(7);
const clock = wallClock();

let broker: BenchBroker | undefined;
let gateway: RunningGateway | undefined;
let backend: OpenBackend | undefined;
let fCnt = 0;

const ours = async (): Promise<number> => {
  const aes = aesKey(key);
  const sink = gateway!.sinks[0]!;
  const before = sink.state.delivered;
  const began = performance.now();
  for (let i = 0; i < frames; i++) {
    if (i % devices === 0) fCnt++;
    const devAddr = i % devices;
    const payload = Uint8Array.of(i & 1);
    const phy = sealData({
      uplink: true,
      confirmed: false,
      devAddr,
      fCnt,
      fPort: 1,
      payload,
      nwkSKey: aes,
      appSKey: aes,
    });
    backend!.uplink({
      phy,
      atUs: clock.nowUs(),
      gateway: eui,
      tmst: clock.nowUs() % 2 ** 32,
      freqHz: 868_100_000,
      dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
      codingRate: '4/5',
      rssiDbm: -90,
      snrDb: 7,
      crc: 'ok',
    });
  }
  await backend!.settled(5_000);
  while (sink.state.delivered - before < frames && performance.now() - began < 20_000)
    await new Promise((resolve) => setTimeout(resolve, 1));
  const lost = frames - (sink.state.delivered - before);
  if (lost > 0) throw new Error(`${lost} of ${frames} events did not arrive`);
  return (frames * 1000) / (performance.now() - began);
};

const peer = async (): Promise<number> => {
  const client = await mqtt.connectAsync(broker!.url);
  const payload = 'x'.repeat(300);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: frames }, (_, i) => client.publishAsync(`peer/${i % devices}`, payload, { qos: 1 })),
  );
  const rate = (frames * 1000) / (performance.now() - began);
  await client.endAsync();
  return rate;
};

const bench: Bench = {
  id: 'udp-to-mqtt',
  what: 'sealed frame in a datagram to acknowledged event (QoS 1) and retained state, 200 ms of dedup included',
  peer: 'mqtt.js publishing one message each (QoS 1), same broker',
  unit: 'events/s',
  // Two messages for one, the ladder, and a wait of 200 ms that the peer does not have.
  floor: 0.1,
  async setup() {
    broker = await benchBroker();
    const { url } = broker;
    const config = { type: 'semtech-udp', port: 0, datagramsPerSecond: 1e6, burst: 1e6 };
    gateway = await openGateway({
      name: 'bench',
      settings: { ...simulatedNetwork, simulated: true },
      devices: Array.from({ length: devices }, (_, n) => benchDevice(n)),
      gateways: new Set([eui]),
      sources: [{ kind: udpSource, config: udpSource.config.parse(config) }],
      sinks: [{ kind: mqttSink, config: mqttSink.config.parse({ type: 'mqtt', url }) }],
      store: memoryStore(),
      clock,
      log: silent,
    });
    const opened = await udpBackend.open(gateway.sources[0]!.address, {
      clock,
      log: silent,
      gateways: [{ eui }],
      downlink: () => 'ok',
    });
    if ('problem' in opened) throw new Error(opened.problem.code);
    backend = opened;
  },
  async round() {
    return { ours: await ours(), peer: await peer() };
  },
  async teardown() {
    await backend?.close();
    await gateway?.close(1_000);
    await broker?.stop();
  },
};
export default bench;
