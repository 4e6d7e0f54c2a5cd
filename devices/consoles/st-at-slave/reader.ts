import type { LineReader, Meaning } from '../../../src/console/dialect.js';
import type { BoardEvent, Refusal } from '../../../src/console/events.js';

const refusals: Readonly<Record<string, Refusal>> = {
  AT_ERROR: 'unknown-command',
  AT_PARAM_ERROR: 'bad-value',
  AT_BUSY_ERROR: 'busy',
  AT_TEST_PARAM_OVERFLOW: 'bad-value',
  AT_NO_NETWORK_JOINED: 'not-joined',
  AT_RX_ERROR: 'failed',
  AT_NO_CLASS_B_ENABLE: 'wrong-mode',
  AT_DUTYCYCLE_RESTRICTED: 'duty-cycle',
  AT_CRYPTO_ERROR: 'failed',
  'error unknown': 'failed',
};

/** What it prints when it has started, and the last line of it: what comes then is an answer again. */
const greeting = /^(?:ATtention command interface|(AT\? to list all available functions))/;

const event = (what: BoardEvent): Meaning => ({ kind: 'event', event: what });

// A ping slot is P in newer firmware, and B Ping-Slot in older; the same with MC and Multicast.
const windowOf = (slot: string): string | undefined => {
  if (/^[PB]/.test(slot)) return 'rxb';
  return { 1: 'rx1', 2: 'rx2', C: 'rxc' }[slot[0]!];
};

/** `+EVT:RX_1, PORT 2, DR 0, RSSI -57, SNR 5, DMODM 20, GWN 1`; older firmware has no PORT. */
const heardIn = (line: string): readonly Meaning[] | undefined => {
  const found = /^\+EVT:RX_([^,]+),.*\bRSSI (-?\d+), SNR (-?\d+)/.exec(line);
  if (!found) return undefined;
  const [, slot = '', rssi, snr] = found;
  if (slot === 'BC') return [event({ kind: 'beacon', state: 'received' })];
  const level = { rssiDbm: Number(rssi), snrDb: Number(snr) };
  const window = windowOf(slot);
  const heard = event({ kind: 'heard', ...(window && { window }), ...level });
  const link = /, DMODM (\d+), GWN (\d+)/.exec(line);
  if (!link) return [heard];
  const [marginDb, gateways] = [Number(link[1]), Number(link[2])];
  return [heard, event({ kind: 'link-check', ok: true, marginDb, gateways, ...level })];
};

const eventsOf = (line: string): readonly Meaning[] => {
  const data = /^\+EVT:(\d{1,3}):([0-9A-Fa-f]{2}):((?:[0-9A-Fa-f]{2})*)$/.exec(line);
  if (data) return [event({ kind: 'downlink', fPort: Number(data[1]), hex: data[3]!.toLowerCase() })];
  const heard = heardIn(line);
  if (heard) return heard;
  const deviceClass = /^\+EVT:SWITCH_TO_CLASS_([ABC])$/.exec(line)?.[1];
  if (deviceClass) return [event({ kind: 'class-change', ok: true, deviceClass })];
  switch (line) {
    case '+EVT:JOINED':
      return [event({ kind: 'joined' })];
    case '+EVT:JOIN FAILED':
      return [event({ kind: 'join-failed', why: 'no-answer' })];
    case '+EVT:SEND_CONFIRMED':
      return [event({ kind: 'acknowledged' })];
    // Of makers who derive their firmware from this one.
    case '+EVT:SEND_FAILED':
      return [event({ kind: 'not-acknowledged', why: 'no-answer', code: 'SEND_FAILED' })];
    case '+EVT:BEACON_LOST':
      return [event({ kind: 'beacon', state: 'lost' })];
    case '+EVT:BEACON_NOT_RECEIVED':
      return [event({ kind: 'beacon', state: 'not-received' })];
    default:
      return [{ kind: 'log' }];
  }
};

// Lines of a radio test begin with the seconds since the start, as `12s345:`.
const tests =
  /^(?:\d+s\d{3}:)?((?:Tx|Rx) (?:FSK|LoRa) Test|(?:Tx|Rx) \d+ of \d+.*|Tx Hop at .*|On(?:Tx|Rx)\w+|RssiValue=.*|>>> RSSI Value=.*|Test Stop)$/;

/** Understands a value, a blank line that nobody sees, and a status word; and what comes by itself. */
export const reader = (): LineReader => ({
  line(line, open) {
    if (line.startsWith('+EVT:')) return eventsOf(line);
    const greets = greeting.exec(line);
    if (greets) return [greets[1] === undefined ? { kind: 'log' } : event({ kind: 'boot', mode: 'lorawan' })];
    const test = tests.exec(line)?.[1];
    if (test !== undefined)
      return [...(open ? [{ kind: 'value' } as const] : []), event({ kind: 'rf-test', text: test })];
    if (!open) return [{ kind: 'log' }];
    if (line === 'OK') return [{ kind: 'ok' }];
    // Many modules derive from it and have words of their own: one that is not in the list is a refusal all the same.
    const why = refusals[line] ?? (/^AT_[A-Z_]+$/.test(line) ? 'failed' : undefined);
    return why === undefined ? [{ kind: 'value' }] : [{ kind: 'refused', why, code: line }];
  },
});
