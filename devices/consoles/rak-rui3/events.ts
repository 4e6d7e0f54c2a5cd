import type { BoardEvent, FailureReason } from '../../../src/console/events.js';

/** Numbers of the LoRaMac-node 4.4.7 that the firmware is built on; larger ones are line numbers of its source. */
const macStatus = (code: string): FailureReason => {
  switch (Number(code)) {
    case 2:
      return 'tx-timeout';
    case 3:
    case 4:
    case 7:
      return 'no-answer';
    case 5:
    case 6:
    case 8:
    case 11:
    case 12:
      return 'bad-answer';
    case 9:
      return 'too-long';
    default:
      return 'unknown';
  }
};

const joinFailed = (code: string): BoardEvent => {
  const why = code === 'TX_TIMEOUT' ? 'tx-timeout' : code === 'RX_TIMEOUT' ? 'no-answer' : macStatus(code);
  return { kind: 'join-failed', why, code };
};

const windows = { 1: 'rx1', 2: 'rx2', C: 'rxc', B: 'rxb' } as const;
type Window = keyof typeof windows;

const numbers = (texts: readonly (string | undefined)[]): readonly number[] => texts.map(Number);

/** Lines that say one thing each: all of firmware 4 and 5, and most of 3. */
const single: readonly (readonly [RegExp, (found: RegExpExecArray) => BoardEvent])[] = [
  [/^\+EVT: ?JOINED$/, () => ({ kind: 'joined' })],
  [/^\+EVT: ?JOIN_FAILED_(\w+)$/, ([, code]) => joinFailed(code!)],
  [/^\+EVT: ?JOIN FAILED$/, () => ({ kind: 'join-failed', why: 'no-answer' })],
  [/^\+EVT: ?TX_DONE$/, () => ({ kind: 'sent' })],
  [/^\+EVT: ?SEND[_ ]CONFIRMED[_ ]OK$/, () => ({ kind: 'acknowledged' })],
  [
    /^\+EVT: ?SEND[_ ]CONFIRMED[_ ]FAILED(?:\((\d+)\))?$/,
    ([, code]) =>
      code === undefined
        ? { kind: 'not-acknowledged', why: 'no-answer' }
        : { kind: 'not-acknowledged', why: macStatus(code), code },
  ],
  [
    /^\+EVT:RX_([12CB]):(-?\d+):(-?\d+):(UNICAST|MULTICAST):(\d{1,3}):((?:[0-9A-Fa-f]{2})*)$/,
    ([, window, rssi, snr, cast, port, hex]) => ({
      kind: 'downlink',
      fPort: Number(port),
      hex: hex!.toLowerCase(),
      window: windows[window as Window],
      rssiDbm: Number(rssi),
      snrDb: Number(snr),
      multicast: cast === 'MULTICAST',
    }),
  ],
  [
    /^\+EVT:LINKCHECK:(\d+)[:,](-?\d+)[:,](-?\d+)[:,](-?\d+)[:,](-?\d+)$/,
    ([, failed, ...rest]) => {
      const [marginDb, gateways, rssiDbm, snrDb] = numbers(rest) as [number, number, number, number];
      return Number(failed) === 0
        ? { kind: 'link-check', ok: true, marginDb, gateways, rssiDbm, snrDb }
        : { kind: 'link-check', ok: false };
    },
  ],
  [/^\+EVT:TIMEREQ_(OK|FAILED)$/, ([, how]) => ({ kind: 'time', ok: how === 'OK' })],
  [/^\+EVT:SWITCH_FAILED$/, () => ({ kind: 'class-change', ok: false })],
  [/^\+BC: ?(\w+)$/, ([, state]) => ({ kind: 'beacon', state: state!.toLowerCase() })],
  [/^\+PS: ?(\w+)$/, ([, state]) => ({ kind: 'beacon', state: `ping-slot ${state!.toLowerCase()}` })],
  [/^\+EVT:TX(?:P2P|FSK)[ _]DONE$/, () => ({ kind: 'p2p-sent' })],
  [
    /^\+EVT:RX(?:P2P|FSK):(-?\d+):(-?\d+):((?:[0-9A-Fa-f]{2})*)$/,
    ([, rssi, snr, hex]) => ({
      kind: 'p2p-received',
      hex: hex!.toLowerCase(),
      rssiDbm: Number(rssi),
      snrDb: Number(snr),
    }),
  ],
  [/^\+EVT:RX(?:P2P|FSK)[ _]RECEIVE[ _]TIMEOUT$/, () => ({ kind: 'p2p-failed', why: 'timeout' })],
  [/^\+EVT:RX(?:P2P|FSK)[ _]RECEIVE[ _]ERROR$/, () => ({ kind: 'p2p-failed', why: 'error' })],
  [/^Current Work Mode: LoRaWAN\.$/, () => ({ kind: 'boot', mode: 'lorawan' })],
  [/^Current Work Mode: LoRa P2P\.$/, () => ({ kind: 'boot', mode: 'p2p' })],
  [/^Current Work Mode: FSK\.$/, () => ({ kind: 'boot', mode: 'fsk' })],
  [/^<BOOT MODE>$/, () => ({ kind: 'boot', mode: 'bootloader' })],
  [/^(?:OnTxDone|Tx Test : Packet .*|RssiValue=.*|Rx \d+ of \d+ .*)$/, ([text]) => ({ kind: 'rf-test', text })],
];

/** Whether a line is never an answer: events, and what `AT+DEBUG=1` and a start print. */
export const isNews = (line: string): boolean =>
  /^\+(?:EVT|BC|PS):/.test(line) ||
  /^(?:Frequency|Rx1Frequency|Rx2Frequency|ChannelsDatarate|FCntUp|DevAddress|Rssi|Snr) ?:/.test(line) ||
  /^-{10,}$/.test(line) ||
  /^RAK\S* .*Example$/i.test(line) ||
  /^P2P_RX_ON already/.test(line);

interface Level {
  readonly rssiDbm: number;
  readonly snrDb: number;
}

/**
 * Tells what happened by the lines of an event, in their order. Firmware of version 3 needs three of them for a
 * downlink: level, kind of address, payload.
 */
export const eventTeller = (): ((line: string) => BoardEvent | undefined) => {
  let before: (Level & { readonly window?: 'rx1' | 'rx2' | 'rxc' | 'rxb'; readonly multicast?: boolean }) | undefined;
  return (line) => {
    for (const [form, meaning] of single) {
      const found = form.exec(line);
      if (!found) continue;
      before = undefined;
      return meaning(found);
    }
    const level = /^\+EVT: ?RX_?([12CB]|P2P|FSK), RSSI (-?\d+), SNR (-?\d+)$/.exec(line);
    if (level) {
      const [rssiDbm, snrDb] = numbers(level.slice(2)) as [number, number];
      const window = level[1] === 'P2P' || level[1] === 'FSK' ? undefined : windows[level[1] as Window];
      before = window === undefined ? { rssiDbm, snrDb } : { rssiDbm, snrDb, window };
      return window === undefined ? undefined : { kind: 'heard', window, rssiDbm, snrDb };
    }
    const cast = /^\+EVT: ?(UNICAST|MULTICAST)$/.exec(line);
    if (cast && before) before = { ...before, multicast: cast[1] === 'MULTICAST' };
    const data = /^\+EVT: ?(\d{1,3}):((?:[0-9A-Fa-f]{2})*)$/.exec(line);
    if (data) {
      const how = before ?? {};
      before = undefined;
      return { kind: 'downlink', fPort: Number(data[1]), hex: data[2]!.toLowerCase(), ...how };
    }
    const frame = /^\+EVT: ?((?:[0-9A-Fa-f]{2})+)$/.exec(line);
    if (frame && before && before.window === undefined) {
      const { rssiDbm, snrDb } = before;
      before = undefined;
      return { kind: 'p2p-received', hex: frame[1]!.toLowerCase(), rssiDbm, snrDb };
    }
    return undefined;
  };
};
