import type { Command, LineReader, Meaning } from '../../../src/console/dialect.js';
import type { BoardEvent, FailureReason, Refusal } from '../../../src/console/events.js';

/** By the number in `ERROR-n` (RAK811 LoRa AT Command V1.5, error codes). */
const refusals: Readonly<Record<string, Refusal>> = {
  // It says the same of a command that it does not know and of a value that it does not take.
  ...{ '-1': 'bad-value', '-2': 'bad-value', '-3': 'join-failed', '-4': 'join-failed', '-5': 'not-joined' },
  ...{ '-6': 'busy', '-7': 'failed', '-8': 'failed', '-11': 'failed', '-12': 'failed', '-13': 'too-long' },
  ...{ '-20': 'failed' },
};

/** By the status in `at+recv=`: why what was on the air has come to nothing. */
const ends: Readonly<Record<number, FailureReason>> = {
  4: 'no-answer',
  5: 'tx-timeout',
  6: 'no-answer',
  7: 'bad-answer',
  100: 'unknown',
};

const event = (what: BoardEvent): readonly Meaning[] => [{ kind: 'event', event: what }];
const log: readonly Meaning[] = [{ kind: 'log' }];

interface Received {
  readonly status: number;
  readonly port: number;
  readonly hex: string;
  readonly level: { readonly rssiDbm?: number; readonly snrDb?: number };
}

/** `status,port[,rssi,snr],length[,hex]`: with `recv_ex` two more, told apart by how many there are. */
const receivedIn = (line: string): Received | undefined => {
  const fields = line.slice('at+recv='.length).split(',');
  if (fields.length < 3 || fields.length > 6) return undefined;
  const [status, port, ...rest] = fields;
  const level = fields.length > 4 ? rest.splice(0, 2) : [];
  const [length, hex = ''] = rest;
  if (![status, port, length, ...level].every((one) => /^-?\d{1,4}$/.test(one ?? ''))) return undefined;
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(hex) || hex.length !== 2 * Number(length)) return undefined;
  return {
    status: Number(status),
    port: Number(port),
    hex: hex.toLowerCase(),
    level: level.length > 0 ? { rssiDbm: Number(level[0]), snrDb: Number(level[1]) } : {},
  };
};

/** Understands version 2: `OK<value>`, `ERROR-n`, `at+recv=`, the banner. It remembers what is on the air. */
export const reader = (): LineReader => {
  let onAir: 'join' | 'uplink' | 'p2p' | undefined;

  const failed = (why: FailureReason, status: number): readonly Meaning[] => {
    const code = `at+recv=${status}`;
    const what = onAir;
    onAir = undefined;
    // A join may end with the status of an uplink: RX2 timeout, or unknown.
    if (status === 4 || what === 'join') return event({ kind: 'join-failed', why, code });
    if (what === 'p2p') return event({ kind: 'p2p-failed', why: status === 5 ? 'timeout' : 'error' });
    return what === 'uplink' || status === 6 ? event({ kind: 'not-acknowledged', why, code }) : log;
  };

  const received = (line: string): readonly Meaning[] => {
    const told = receivedIn(line);
    if (!told || told.port < 0 || told.port > 255) return log;
    const { status, port, hex, level } = told;
    switch (status) {
      case 0:
        // Only point to point has no port.
        if (port === 0) return event({ kind: 'p2p-received', hex, ...level });
        return event({ kind: 'downlink', fPort: port, hex, ...level });
      case 1:
      case 2:
      case 3:
        onAir = undefined;
        return event({ kind: (['acknowledged', 'sent', 'joined'] as const)[status - 1]! });
      case 8:
        return event({ kind: 'awake' });
      case 9:
        onAir = undefined;
        return event({ kind: 'p2p-sent' });
      default: {
        const why = ends[status];
        return why === undefined ? log : failed(why, status);
      }
    }
  };

  const fine = (info: string, { text }: Command): readonly Meaning[] => {
    const status: Meaning = info === '' ? { kind: 'ok' } : { kind: 'ok', info };
    if (text === 'at+join=otaa') onAir = 'join';
    if (text.startsWith('at+send=')) onAir = 'uplink';
    if (text.startsWith('at+txc=')) onAir = 'p2p';
    // With ABP there is nothing to wait for, and no event comes.
    if (text === 'at+join=abp') return [...event({ kind: 'joined' }), status];
    return text === 'at+sleep' ? [...event({ kind: 'asleep' }), status] : [status];
  };

  return {
    line(text, open) {
      const line = text.trimEnd();
      if (line.startsWith('at+recv=')) return received(line);
      if (line.startsWith('Welcome to RAK811')) {
        onAir = undefined;
        return event({ kind: 'boot' });
      }
      if (!open) return log;
      if (line.startsWith('OK')) return fine(line.slice(2), open);
      const error = /^ERROR(-\d{1,3})$/.exec(line);
      return error ? [{ kind: 'refused', why: refusals[error[1]!] ?? 'failed', code: line }] : log;
    },
  };
};
