// Sensors that want every frame acknowledged, and remember what was promised to them.
import type { OpenBackend } from '../../src/backends/define.js';
import semtechUdp from '../../src/backends/semtech-udp/index.js';
import { silent } from '../../src/base/log.js';
import { toHex } from '../../src/base/hex.js';
import { wallClock } from '../../src/io/clock.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { frameId, parseFrame, sealData } from '../../src/lorawan/frame.js';
import { devAddrText } from '../../src/lorawan/ids.js';

/** A frame that its sensor was told to be taken: its event is promised. */
export interface Promised {
  readonly bay: string;
  readonly fCnt: number;
  readonly event: string;
  readonly sentMs: number;
  readonly ackedMs: number;
}

export interface Street {
  readonly promised: readonly Promised[];
  /** Frames sent, and those that were given up without an answer. */
  readonly counts: { sent: number; transmissions: number; givenUp: number };
  /** What was wrong with answers: a counter that came twice. */
  readonly wrong: readonly string[];
  /** The gateway is there, or there again: its forwarders say hello. */
  meet(): Promise<void>;
  start(): void;
  /** Sensors send nothing new; resolves when none waits for an answer, or after `withinMs`. */
  rest(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

const tryEveryMs = 800;
const mostTries = 9;
/** One gateway sends one downlink at a time; several answer together. */
const gatewayCount = 8;
export const gatewayEuis = Array.from({ length: gatewayCount }, (_, n) => `0253544b5455${(0x5200 + n).toString(16)}`);

const keyOf = (n: number, what: number): Uint8Array => new Uint8Array(16).fill(1 + ((n * 7 + what) % 250));
export const bayName = (n: number): string => `t-${String(n).padStart(3, '0')}`;

/** The devices file of a street. */
export const devicesYaml = (sensors: number): string =>
  Array.from(
    { length: sensors },
    (_, n) =>
      `- { devEui: ${(0x7000 + n).toString(16).padStart(16, '0')}, bay: ${bayName(n)}, lot: torture, model: bosch-tps110, ` +
      `abp: { devAddr: "${devAddrText(n + 1)}", nwkSKey: ${toHex(keyOf(n, 1))}, appSKey: ${toHex(keyOf(n, 2))} } }\n`,
  ).join('');

interface Sensor {
  readonly n: number;
  fCnt: number;
  phy: Uint8Array;
  sentMs: number;
  tries: number;
  timer: NodeJS.Timeout | undefined;
}

/** A street before the UDP port of a gateway. */
export const street = (setup: {
  readonly sensors: number;
  readonly udpPort: number;
  readonly pauseMs: number;
}): Street => {
  const clock = wallClock();
  const promised: Promised[] = [];
  const counts = { sent: 0, transmissions: 0, givenUp: 0 };
  const wrong: string[] = [];
  const downFrames = new Map<string, string>();
  let backend: OpenBackend | undefined;
  let resting = false;
  const waiting = new Set<Sensor>();

  const transmit = (sensor: Sensor): void => {
    counts.transmissions++;
    backend?.uplink({
      phy: sensor.phy,
      atUs: clock.nowUs(),
      gateway: gatewayEuis[sensor.n % gatewayCount]!,
      tmst: clock.nowUs() % 2 ** 32,
      freqHz: 868_100_000 + 200_000 * (sensor.n % 3),
      dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
      codingRate: '4/5',
      rssiDbm: -90,
      snrDb: 7,
      crc: 'ok',
    });
    sensor.timer = setTimeout(() => {
      if (++sensor.tries < mostTries) return transmit(sensor);
      counts.givenUp++;
      next(sensor);
    }, tryEveryMs);
  };
  const next = (sensor: Sensor): void => {
    clearTimeout(sensor.timer);
    waiting.delete(sensor);
    if (resting) return;
    sensor.timer = setTimeout(
      () => {
        if (resting) return;
        sensor.fCnt++;
        sensor.tries = 0;
        sensor.sentMs = Date.now();
        sensor.phy = sealData({
          uplink: true,
          confirmed: true,
          devAddr: sensor.n + 1,
          fCnt: sensor.fCnt,
          fPort: 1,
          payload: Uint8Array.of(sensor.fCnt & 1),
          nwkSKey: aesKey(keyOf(sensor.n, 1)),
          appSKey: aesKey(keyOf(sensor.n, 2)),
        });
        counts.sent++;
        waiting.add(sensor);
        transmit(sensor);
      },
      setup.pauseMs * (0.5 + Math.random()),
    );
  };

  const sensors: Sensor[] = Array.from({ length: setup.sensors }, (_, n) => ({
    ...{ n, fCnt: -1, phy: new Uint8Array(), sentMs: 0, tries: 0, timer: undefined },
  }));

  const answered = (phy: Uint8Array): void => {
    const parsed = parseFrame(phy);
    if (!parsed.ok || parsed.value.kind !== 'data') return;
    const { devAddr, fCnt16, ack } = parsed.value;
    const name = `${devAddr} ${fCnt16}`;
    const hex = toHex(phy);
    if ((downFrames.get(name) ?? hex) !== hex) wrong.push(`downlink counter ${name} was used twice`);
    downFrames.set(name, hex);
    const sensor = sensors[devAddr - 1];
    if (!ack || !sensor || !waiting.has(sensor)) return;
    const event = `${frameId(sensor.phy)}-0`;
    promised.push({ bay: bayName(sensor.n), fCnt: sensor.fCnt, event, sentMs: sensor.sentMs, ackedMs: Date.now() });
    next(sensor);
  };

  return {
    promised,
    counts,
    wrong,
    async meet() {
      await backend?.close();
      const opened = await semtechUdp.open(`udp://127.0.0.1:${setup.udpPort}`, {
        clock,
        log: silent,
        gateways: gatewayEuis.map((eui) => ({ eui })),
        downlink(tx) {
          answered(tx.phy);
          return 'ok';
        },
      });
      if ('problem' in opened) throw new Error(opened.problem.code);
      backend = opened;
    },
    start() {
      for (const sensor of sensors) next(sensor);
    },
    async rest(withinMs) {
      resting = true;
      for (const end = Date.now() + withinMs; waiting.size > 0 && Date.now() < end;)
        await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async close() {
      resting = true;
      for (const sensor of sensors) clearTimeout(sensor.timer);
      await backend?.close();
    },
  };
};
