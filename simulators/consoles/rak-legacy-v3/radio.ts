import { hex, toHex } from '../../../src/base/hex.js';
import { airtimeUs } from '../../../src/lorawan/airtime.js';
import type { Modem, ModemEvent, ModemRefusal } from '../../../src/sim/modem-types.js';

/** The number in `ERROR: n` for what a modem refuses. */
export const refusalNumber = (refusal: ModemRefusal): number => {
  switch (refusal.kind) {
    case 'busy':
      return 80;
    case 'not-joined':
      return 86;
    case 'too-long':
      return 101;
    case 'wait':
      return 90;
    default:
      return 81;
  }
};

/** `at+recv=<port>,<rssi>,<snr>,<len>[:<hex>]`. */
const received = (port: number, level: { readonly rssiDbm: number; readonly snrDb: number }, bytes: string): string =>
  `at+recv=${port},${Math.round(level.rssiDbm)},${Math.round(level.snrDb)},${bytes.length / 2}${bytes && `:${bytes}`}`;

/**
 * What blocks the console, and what is told when it is over. `news` gives the lines of an event: an uplink's answer comes
 * after its windows, and what was received in them right behind it (pyrak811, rak811_v3.py).
 */
export const radioTalk = (modem: Modem) => {
  let pending: 'join' | 'uplink' | undefined;
  let held: string[] = [];
  const over = (lines: readonly string[]): readonly string[] => {
    const all = pending === 'uplink' ? [...lines, ...held] : held;
    pending = undefined;
    held = [];
    return all;
  };
  return {
    get busy() {
      return pending !== undefined;
    },
    forget() {
      pending = undefined;
      held = [];
    },
    /** The line that ends the command, or undefined when it comes later. */
    join(): string | undefined {
      const refusal = modem.join();
      if (refusal) return `ERROR: ${refusalNumber(refusal)}`;
      if (modem.settings.activation === 'abp') return 'OK Join Success';
      pending = 'join';
      return undefined;
    },
    /** As `join`; in data mode nobody waits for the end. */
    send(uplink: Parameters<Modem['send']>[0], silent = false): string | undefined {
      const refusal = modem.send(uplink);
      if (refusal) return `ERROR: ${refusalNumber(refusal)}`;
      if (!silent) pending = 'uplink';
      return undefined;
    },
    news(event: ModemEvent): readonly string[] {
      switch (event.kind) {
        case 'joined':
        case 'join-failed':
          if (pending !== 'join') return [];
          pending = undefined;
          return [event.kind === 'joined' ? 'OK Join Success' : 'ERROR: 99'];
        case 'sent':
          return over(['OK']);
        case 'delivered': {
          if (!event.acknowledged) return over(['ERROR: 96']);
          const bare = received(0, modem.lastHeard ?? { rssiDbm: 0, snrDb: 0 }, '');
          return held.length > 0 ? over(['OK']) : [...over(['OK']), bare];
        }
        case 'downlink': {
          const line = received(event.fPort, event, toHex(event.bytes));
          if (pending !== 'uplink') return [line];
          held.push(line);
          return [];
        }
        default:
          return [];
      }
    },
  };
};

/** How long a frame from point to point is on the air; `text` is Hz, SF, bandwidth, coding rate, preamble, dBm. */
export const p2pAirtimeMs = (text: string, payload: string): number => {
  const [, sf = 12, bandwidth = 0, coding = 1, preamble = 8] = text.split(':').map(Number);
  const codingRate = (['4/5', '4/6', '4/7', '4/8'] as const)[coding - 1] ?? '4/5';
  const us = airtimeUs({
    dataRate: { kind: 'lora', sf: sf as 12, bwHz: ([125_000, 250_000, 500_000] as const)[bandwidth] ?? 125_000 },
    phyBytes: hex(payload).length,
    codingRate,
    preambleSymbols: preamble,
  });
  return us / 1000;
};
