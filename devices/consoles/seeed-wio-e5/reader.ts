import type { Command, LineReader, Meaning } from '../../../src/console/dialect.js';
import type { BoardEvent, Refusal } from '../../../src/console/events.js';

/** What `ERROR(n)` means. */
const errors: Readonly<Record<string, Refusal>> = {
  '-1': 'bad-value',
  '-10': 'unknown-command',
  '-11': 'bad-value',
  '-12': 'wrong-mode',
  // Too many values, too long a line, no line end in time, a letter that is none, one of the last three.
  '-20': 'bad-value',
  '-21': 'bad-value',
  '-22': 'failed',
  '-23': 'bad-value',
  '-24': 'bad-value',
};

/** What stands instead of a join or an uplink. */
const refusalOf = (rest: string): (Meaning & { readonly kind: 'refused' }) | undefined => {
  const refused = (why: Refusal, waitMs?: number): Meaning & { readonly kind: 'refused' } => ({
    kind: 'refused',
    why,
    code: rest,
    ...(waitMs !== undefined && { waitMs }),
  });
  const band = /^No band in (\d{1,10}) ?ms$/.exec(rest);
  if (band) return refused('duty-cycle', Number(band[1]));
  if (/^Length error/.test(rest)) return refused('too-long');
  if (/^No free channel/.test(rest)) return refused('no-channel');
  switch (rest) {
    case 'LoRaWAN modem is busy':
      return refused('busy');
    case 'Please join network first':
      return refused('not-joined');
    case 'Not in OTAA mode':
      return refused('wrong-mode');
    case 'DR error':
      return refused('bad-value');
    default:
      return undefined;
  }
};

const value: Meaning = { kind: 'value' };
const done: Meaning = { kind: 'ok' };
const log: Meaning = { kind: 'log' };
const event = (what: BoardEvent): Meaning => ({ kind: 'event', event: what });

// RXWIN0 is what a class C board prints between windows; not certain, and firmware versions differ.
const windows = { 0: 'rxc', 1: 'rx1', 2: 'rx2' } as const;

const wordOf = (command: Command | undefined): string | undefined =>
  command && (/^\s*AT\+([A-Z]+)/i.exec(command.text)?.[1]?.toUpperCase() ?? 'AT');

/** Understands `+CMD: ...` lines: the answer while CMD is open, and otherwise an event or nothing. */
export const reader = (): LineReader => {
  /** Of the uplink under way. */
  let acknowledged = false;
  let refused = false;
  /** Of the test frame whose payload comes next. */
  let level: { readonly rssiDbm: number; readonly snrDb: number } | undefined;

  const joinLine = (rest: string, mine: boolean): readonly Meaning[] => {
    const told: readonly Meaning[] = mine ? [value] : [];
    const net = /^NetID ([0-9A-F]{6}) DevAddr ((?:[0-9A-F]{2}:){3}[0-9A-F]{2})$/i.exec(rest);
    if (net) {
      const devAddr = net[2]!.replaceAll(':', '').toLowerCase();
      return [...told, event({ kind: 'joined', devAddr, netId: net[1]!.toLowerCase() })];
    }
    if (rest === 'Join failed') return [...told, event({ kind: 'join-failed', why: 'no-answer' })];
    if (!mine) return [log];
    const no = refusalOf(rest);
    if (no) return [no];
    return rest === 'Done' || rest === 'Joined already' ? [value, done] : [value];
  };

  const uplinkLine = (
    rest: string,
    how: { readonly mine: boolean; readonly confirmed: boolean },
  ): readonly Meaning[] => {
    const told: readonly Meaning[] = how.mine ? [value] : [];
    const data = /^PORT: (\d{1,3}); RX: "([0-9A-Fa-f ]*)"$/.exec(rest);
    if (data) {
      const hex = data[2]!.replaceAll(' ', '').toLowerCase();
      return [...told, event({ kind: 'downlink', fPort: Number(data[1]), hex })];
    }
    const heard = /^RXWIN(\d), RSSI (-?\d+), SNR (-?\d+(?:\.\d+)?)$/.exec(rest);
    if (heard) {
      const window = windows[heard[1] as unknown as keyof typeof windows] as string | undefined;
      const rssiDbm = Number(heard[2]);
      return [...told, event({ kind: 'heard', ...(window && { window }), rssiDbm, snrDb: Number(heard[3]) })];
    }
    const link = /^Link (\d{1,3}), ?(\d{1,3})$/.exec(rest);
    if (link)
      return [...told, event({ kind: 'link-check', ok: true, marginDb: Number(link[1]), gateways: Number(link[2]) })];
    switch (rest) {
      case 'Start':
        acknowledged = refused = false;
        return how.mine ? [value] : [log];
      case 'ACK Received':
        acknowledged = true;
        return [...told, event({ kind: 'acknowledged' })];
      case 'Done': {
        const over: readonly Meaning[] = how.mine ? [done] : [];
        if (refused) return how.mine ? over : [log];
        if (!how.confirmed) return [...over, event({ kind: 'sent' })];
        if (!acknowledged) return [...over, event({ kind: 'not-acknowledged', why: 'no-answer' })];
        return how.mine ? over : [log];
      }
    }
    const no = refusalOf(rest);
    if (!no) return how.mine ? [value] : [log];
    refused = true;
    return how.mine ? [no] : [log];
  };

  const testLine = (rest: string, mine: boolean): readonly Meaning[] => {
    const length = /^LEN:(\d+), RSSI:(-?\d+), SNR:(-?\d+)$/.exec(rest);
    if (length) {
      level = { rssiDbm: Number(length[2]), snrDb: Number(length[3]) };
      return [log];
    }
    const data = /^RX "([0-9A-Fa-f ]*)"$/.exec(rest);
    if (data) {
      const hex = data[1]!.replaceAll(' ', '').toLowerCase();
      const heard = level;
      level = undefined;
      return [event({ kind: 'p2p-received', hex, ...heard })];
    }
    if (rest === 'TX DONE') return [event({ kind: 'p2p-sent' })];
    return mine ? [value, done] : [log];
  };

  return {
    line(text, open) {
      // What stands before it is the rest of a line that was torn, or noise of a port that was just opened.
      const parts = /\+([A-Z]{2,9}): ?(.*)$/.exec(text);
      if (!parts) return [log];
      const [, name = '', rest = ''] = parts;
      const mine = wordOf(open) === name;
      const code = /^ERROR\((-?\d{1,3})\)$/.exec(rest)?.[1];
      if (code !== undefined)
        return open && (mine || name === 'AT')
          ? [{ kind: 'refused', why: errors[code] ?? 'failed', code: rest }]
          : [log];
      switch (name) {
        case 'JOIN':
          return joinLine(rest, mine);
        case 'MSG':
        case 'MSGHEX':
        case 'CMSG':
        case 'CMSGHEX':
          return uplinkLine(rest, { mine, confirmed: name.startsWith('C') });
        case 'TEST':
          return testLine(rest, mine);
        case 'LOWPOWER':
          if (rest === 'WAKEUP') return [event({ kind: 'awake' })];
          return rest === 'SLEEP' ? [...(mine ? [done] : []), event({ kind: 'asleep' })] : [log];
      }
      if (!mine) return [log];
      if (rest === 'OK') return [done];
      // `AT+ID` alone has three lines, and the JoinEUI is the last.
      const more = name === 'ID' && open!.text.trim().toUpperCase() === 'AT+ID' && !/^AppEui/i.test(rest);
      return more ? [value] : [value, done];
    },
  };
};
