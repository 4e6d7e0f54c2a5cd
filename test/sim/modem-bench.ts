import { usPerMs, usPerSecond, type Us } from '../../src/base/time.js';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { uint } from '../../src/codec/parts.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { climb, ladder, ladderWakeUs, type LadderOut, type LadderSettings } from '../../src/ladder/ladder.js';
import type { Outcome } from '../../src/ladder/outcome.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { toHex } from '../../src/base/hex.js';
import { dataRateText, type RxFrame, type TxFrame, type TxVerdict } from '../../src/lorawan/radio.js';
import type { Device } from '../../src/network/device.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import { registry } from '../../src/network/registry.js';
import type { MacProfile } from '../../src/sim/behaviour.js';
import { startModem, type ModemSetup } from '../../src/sim/modem.js';
import type { Modem, ModemEvent, ModemIdentity } from '../../src/sim/modem-types.js';
import type { RunOut, SentFrame } from '../../src/sim/run-types.js';

export const startUs: Us = 1_780_000_000_000_000;

export const profile: MacProfile = {
  lorawan: '1.0.3',
  joinDataRates: [5],
  dataRate: 5,
  confirmedTries: 4,
  eirpDbm: 14,
  power: 'external',
};

/** What a test's payloads are: eight bytes on port 2 that the network can read. */
const model = defineSensor({
  id: 'test-bench',
  vendor: 'test',
  model: 'bench',
  defaultFPort: 2,
  source: 'this test',
  ports: { 2: { count: layout({ high: uint(32), low: uint(32) }) } },
  toReadings: () => [],
  examples: [],
});
export const payload = (count = 1): Uint8Array => Uint8Array.from([0, 0, 0, 0, 0, 0, count >> 8, count & 255]);

/** What a network needs of a device: a modem, or the run of a sensor. */
export interface Sender {
  readonly nowUs: Us;
  readonly nextUs: Us;
  advance(untilUs: Us, out: RunOut & { event?(event: ModemEvent, atUs: Us): void }): void;
  offer(tx: TxFrame): TxVerdict;
}

export const deviceOf = (
  who: ModemIdentity,
  { activation = 'otaa', lorawan = profile.lorawan }: { activation?: 'otaa' | 'abp'; lorawan?: Device['lorawan'] } = {},
): Device => ({
  ...{ devEui: who.devEui, name: 'board', bay: 'board', lot: 'workshop', lorawan, model, options: {} },
  activation:
    activation === 'abp'
      ? { kind: 'abp', devAddr: who.devAddr, nwkSKey: who.nwkSKey, appSKey: who.appSKey }
      : { kind: 'otaa', joinEui: who.joinEui, appKey: aesKey(who.appKey) },
});

/** The real ladder as the network of one device, in virtual time. */
export const serve = (
  sender: Sender,
  setup: {
    readonly devices: readonly Device[];
    readonly settings?: Partial<LadderSettings>;
    /** Whether the network hears this frame. */
    hears?(rx: RxFrame): boolean;
    /** What the gateway answers instead of sending. */
    gateway?(tx: TxFrame): TxVerdict | undefined;
  },
) => {
  const network = ladder(
    { ...simulatedNetwork, statusEveryMs: 0, adr: 'off', ...setup.settings },
    registry(setup.devices),
  );
  const frames: SentFrame[] = [];
  const events: ModemEvent[] = [];
  const outcomes: Outcome[] = [];
  const downlinks: DownlinkEvent[] = [];
  const tell = { event: undefined as ((event: ModemEvent, atUs: Us) => void) | undefined };
  const out: LadderOut = {
    copy: () => undefined,
    batch(batch) {
      if (batch.outcome) outcomes.push(batch.outcome);
      downlinks.push(...batch.downlinks);
      const { send } = batch;
      if (!send) return;
      const verdict = setup.gateway?.(send) ?? sender.offer(send);
      climb(network, { kind: 'verdict', id: send.id, verdict, atUs: sender.nowUs }, out);
    },
  };
  const tickTo = (us: Us): void => {
    while (ladderWakeUs(network) <= us) climb(network, { kind: 'tick', atUs: ladderWakeUs(network) }, out);
  };

  /** Runs until this instant; the network answers within a tenth of a second. */
  const playTo = (untilUs: Us): void => {
    while (sender.nowUs < untilUs) {
      const heard: RxFrame[] = [];
      sender.advance(Math.min(untilUs, sender.nowUs + 100 * usPerMs), {
        sent: (frame) => void frames.push(frame),
        heard: (rx) => void heard.push(rx),
        event(event, atUs) {
          events.push(event);
          tell.event?.(event, atUs);
        },
      });
      for (const rx of heard) {
        if (setup.hears && !setup.hears(rx)) continue;
        tickTo(rx.atUs);
        climb(network, { kind: 'frame', rx }, out);
      }
      tickTo(sender.nowUs);
    }
  };

  return {
    frames,
    events,
    outcomes,
    downlinks,
    tell,
    playTo,
    play: (seconds: number) => playTo(sender.nowUs + seconds * usPerSecond),
    /** The application has something for the device. */
    downlink: (bytes: readonly number[], options: { readonly fPort?: number; readonly confirmed?: boolean } = {}) =>
      climb(
        network,
        {
          kind: 'downlink',
          request: {
            devEui: setup.devices[0]!.devEui,
            fPort: options.fPort ?? 5,
            payload: Uint8Array.from(bytes),
            confirmed: options.confirmed ?? false,
          },
          atUs: sender.nowUs,
        },
        out,
      ),
    /** What has been told since the last call. */
    news: () => events.splice(0),
    kinds: () => events.splice(0).map(({ kind }) => kind),
  };
};

/** A modem on a bench and the network that knows its keys. */
export const bench = (
  change: Partial<ModemSetup> = {},
  network: Partial<Parameters<typeof serve>[1]> & { readonly activation?: 'otaa' | 'abp' } = {},
) => {
  const modem: Modem = startModem({ seed: 'bench', name: 'board', profile, startUs, ...change });
  const { activation, ...rest } = network;
  const devices = [
    deviceOf(modem.identity, { ...(activation && { activation }), lorawan: (change.profile ?? profile).lorawan }),
  ];
  return { modem, ...serve(modem, { devices, ...rest }) };
};

/** Every frame as one text. */
export const story = (frames: readonly SentFrame[]): string[] =>
  frames.map(
    ({ startUs: at, endUs, freqHz, dataRate, phy }) =>
      `${at} ${endUs} ${freqHz} ${dataRateText(dataRate)} ${toHex(phy)}`,
  );
