import { toHex } from '../../../src/base/hex.js';
import { airtimeUs } from '../../../src/lorawan/airtime.js';
import type { Modem, ModemEvent, ModemRefusal } from '../../../src/sim/modem-types.js';

/** The number in `ERROR-n` for what a modem refuses an uplink. */
export const refusalNumber = (refusal: ModemRefusal): number => {
  switch (refusal.kind) {
    case 'busy':
      return -6;
    case 'not-joined':
      return -5;
    case 'too-long':
      return -13;
    default:
      return -7;
  }
};

/** The statuses of `at+recv=`. */
export const status = { data: 0, acknowledged: 1, sent: 2, joined: 3, joinFailed: 4, rx2Timeout: 6, awake: 8, p2p: 9 };

/** `at+recv=<status>,0,0`: an event without data has neither port nor level. */
export const plain = (what: number): string => `at+recv=${what},0,0`;

/** What is printed, and after which time to call `again`. */
export interface News {
  readonly lines: readonly string[];
  readonly againMs?: number;
}

/** Holds what was received until the uplink is over, as its MAC does: the end first, then the data. */
export const radioTalk = (modem: Modem, levels: () => boolean) => {
  let pending = false;
  let held: string[] = [];
  let joinsLeft = 0;
  const over = (what: number): readonly string[] => {
    const all = [plain(what), ...held];
    pending = false;
    held = [];
    return all;
  };
  /** The next join request of one join, or the end of it. */
  const again = (): News => {
    if (joinsLeft <= 0) return { lines: [plain(status.joinFailed)] };
    const refusal = modem.join();
    if (refusal?.kind === 'wait') return { lines: [], againMs: refusal.ms };
    joinsLeft--;
    return { lines: refusal ? [plain(status.joinFailed)] : [] };
  };
  return {
    forget() {
      pending = false;
      held = [];
      joinsLeft = 0;
    },
    join(tries: number): ModemRefusal | undefined {
      const refusal = modem.join();
      if (!refusal) joinsLeft = tries - 1;
      return refusal;
    },
    send(uplink: Parameters<Modem['send']>[0]): ModemRefusal | undefined {
      const refusal = modem.send(uplink);
      if (!refusal) pending = true;
      return refusal;
    },
    news(event: ModemEvent): News {
      switch (event.kind) {
        case 'joined':
          joinsLeft = 0;
          return { lines: modem.settings.activation === 'otaa' ? [plain(status.joined)] : [] };
        case 'join-failed':
          return again();
        case 'sent':
          return { lines: over(status.sent) };
        case 'delivered':
          return { lines: over(event.acknowledged ? status.acknowledged : status.rx2Timeout) };
        case 'downlink': {
          const level = levels() ? `${Math.round(event.rssiDbm)},${Math.round(event.snrDb)},` : '';
          const { length } = event.bytes;
          const line = `at+recv=0,${event.fPort},${level}${length}${length > 0 ? `,${toHex(event.bytes)}` : ''}`;
          if (!pending) return { lines: [line] };
          held.push(line);
          return { lines: [] };
        }
        default:
          return { lines: [] };
      }
    },
    again,
  };
};

/** How long a frame from point to point is on the air; `rf` is Hz, SF, bandwidth, coding rate, preamble, dBm. */
export const p2pAirtimeMs = (rf: string, phyBytes: number): number => {
  const [, sf = 12, bandwidth = 0, coding = 1, preambleSymbols = 8] = rf.split(',').map(Number);
  const bwHz = [125_000, 250_000, 500_000][bandwidth] ?? 125_000;
  const codingRate = (['4/5', '4/6', '4/7', '4/8'] as const)[coding - 1] ?? '4/5';
  return airtimeUs({ dataRate: { kind: 'lora', sf, bwHz }, phyBytes, codingRate, preambleSymbols }) / 1000;
};
