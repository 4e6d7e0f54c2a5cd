import { testSettingsIn, testText, type TestSettings } from '../../../devices/consoles/st-at-slave/params.js';
import { airtimeUs, type CodingRate } from '../../../src/lorawan/airtime.js';

/** A test that takes time: how many milliseconds until it goes on, and at last its status word. */
export type Test = Generator<number, string>;

export interface RadioTest {
  /** The answer to `AT+TCONF=?`. */
  readonly lines: readonly string[];
  configure(text: string): void;
  /** A carrier; false when there is one already. */
  tone(say: (text: string) => void): boolean;
  level(say: (text: string) => void): Test;
  transmit(packets: number, say: (text: string) => void): Test;
  receive(packets: number, say: (text: string) => void): Test;
  hop(text: string, say: (text: string) => void): Test;
  stop(): void;
}

const bandwidthsHz = [7_812, 15_625, 31_250, 62_500, 125_000, 250_000, 500_000];
const betweenMs = 500;
const sendTimeoutMs = 3_000;
const receiveTimeoutMs = 5_000;
const settleMs = 50;
/** What an antenna hears where nobody sends. */
const floorDbm = -110;

const airtimeMs = (s: TestSettings): number => {
  if (s.modulation === 'bpsk') return (8_000 * s.bytes) / s.rate;
  const dataRate =
    s.modulation === 'fsk'
      ? ({ kind: 'fsk', bitRate: s.rate } as const)
      : ({ kind: 'lora', sf: s.rate as 12, bwHz: bandwidthsHz[s.bandwidth]! } as const);
  return airtimeUs({ dataRate, phyBytes: s.bytes, codingRate: `4/${s.coding}` as CodingRate }) / 1_000;
};

const linesOf = (s: TestSettings): readonly string[] => {
  const common = [`6: LNA State= ${s.lna}  `, `7: PA Boost State= ${s.boost}  `];
  const rows = {
    fsk: [
      `3: Bandwidth= ${s.bandwidth} Hz`,
      `4: FSK datarate= ${s.rate} bps`,
      '5: Coding Rate not applicable',
      ...common,
      '8: modulation FSK',
      `9: Payload len= ${s.bytes} Bytes`,
      `10: FSK deviation= ${s.deviationHz} Hz`,
      '11: LowDRopt not applicable',
      `12: FSK gaussian BT product= ${s.shaping} `,
    ],
    lora: [
      `3: Bandwidth= ${s.bandwidth} (=${bandwidthsHz[s.bandwidth]} Hz)`,
      `4: SF= ${s.rate} `,
      `5: CR= ${s.coding - 4} (=4/${s.coding}) `,
      ...common,
      '8: modulation LORA',
      `9: Payload len= ${s.bytes} Bytes`,
      '10: Frequency deviation not applicable',
      `11: LowDRopt[0 to 2]= ${s.lowRate} `,
      '12 BT product not applicable',
    ],
    bpsk: [`4: BPSK datarate= ${s.rate} bps`],
  }[s.modulation];
  return [
    `1: Freq= ${s.hz} Hz`,
    `2: Power= ${s.dbm} dBm`,
    ...rows,
    `can be copy/paste in set cmd: AT+TCONF=${testText(s)}`,
  ];
};

/** The radio test of the firmware: what is sent is heard by nobody, and nothing is ever received. */
export const radioTest = (): RadioTest => {
  let settings = testSettingsIn('868000000:14:4:12:4/5:0:0:1:16:25000:2:3')!;
  let tone = false;

  function* transmit(packets: number, say: (text: string) => void): Test {
    say('Tx LoRa Test');
    for (let i = 1; i <= packets; i++) {
      say(`Tx ${i} of ${packets}`);
      const ms = airtimeMs(settings);
      yield Math.min(ms, sendTimeoutMs);
      say(ms > sendTimeoutMs ? 'OnTxTimeout' : 'OnTxDone');
      yield betweenMs;
    }
    return 'OK';
  }

  return {
    get lines() {
      return linesOf(settings);
    },
    configure: (text) => void (settings = testSettingsIn(text) ?? settings),
    tone(say) {
      if (tone) return false;
      tone = true;
      say('Tx FSK Test');
      return true;
    },
    *level(say) {
      say('Rx FSK Test');
      yield settleMs;
      say(`>>> RSSI Value= ${floorDbm} dBm`);
      return 'OK';
    },
    transmit,
    *receive(packets, say) {
      // There is no receiver for it.
      if (settings.modulation === 'bpsk') return 'AT_BUSY_ERROR';
      for (let i = 1; i <= packets; i++) {
        yield receiveTimeoutMs;
        say('OnRxTimeout');
        say(`Rx ${i} of ${packets}  >>> PER= 100 %`);
      }
      return 'OK';
    },
    *hop(text, say) {
      const [first = 0, last = 0, step = 0, packets = 0] = text.split(',').map(Number);
      const hz = (value: number): number => (value < 1_000 ? value * 1_000_000 : value);
      let at = hz(first);
      for (let i = 0; i < packets; i++) {
        settings = { ...settings, hz: at };
        say(`Tx Hop at ${at}Hz. ${i} of ${packets}`);
        yield* transmit(1, say);
        at = at + step > hz(last) ? hz(first) : at + step;
      }
      return 'OK';
    },
    stop: () => void (tone = false),
  };
};
