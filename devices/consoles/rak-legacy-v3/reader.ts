import type { Command, LineReader, Meaning } from '../../../src/console/dialect.js';
import type { BoardEvent, FailureReason, Refusal } from '../../../src/console/events.js';

/** By the number in `ERROR: n` (RAK4270 AT Command Manual, "Error Code Table"; 4 and 41 from the manual of the RAK811). */
const refusals: Readonly<Record<string, Refusal>> = {
  ...{ 1: 'unknown-command', 2: 'bad-value', 3: 'failed', 4: 'failed', 5: 'too-long', 41: 'failed' },
  ...{ 80: 'busy', 81: 'wrong-mode', 82: 'bad-value', 83: 'bad-value', 84: 'bad-value', 85: 'bad-value' },
  ...{ 86: 'not-joined', 87: 'too-long', 88: 'duty-cycle', 89: 'wrong-region', 90: 'duty-cycle' },
  ...{ 91: 'no-channel', 92: 'no-channel', 93: 'failed', 94: 'failed', 95: 'failed', 96: 'failed' },
  ...{ 97: 'failed', 98: 'failed', 99: 'join-failed', 100: 'failed', 101: 'too-long', 102: 'failed' },
  ...{ 103: 'failed', 104: 'failed' },
};

/** The errors that say how a frame on the air has ended. */
const ends: Readonly<Record<string, FailureReason>> = {
  ...{ 94: 'tx-timeout', 95: 'no-answer', 96: 'no-answer', 97: 'bad-answer', 98: 'bad-answer', 99: 'no-answer' },
  ...{ 100: 'bad-answer', 102: 'bad-answer', 103: 'bad-answer', 104: 'bad-answer' },
};

const event = (what: BoardEvent): Meaning => ({ kind: 'event', event: what });

const isJoin = (open: Command | undefined): boolean => open?.text === 'at+join';
const isSend = (open: Command | undefined): boolean => open?.text.startsWith('at+send=lora:') ?? false;

/** Understands version 3: `OK[ information]`, lines without an end, `ERROR: n`, `at+recv=`, the boot text in three spellings. */
export const reader = (): LineReader => {
  let mode: 'lorawan' | 'p2p' | undefined;
  /** Whether uplinks ask for an acknowledgement, as far as that was seen. */
  let confirmed: boolean | undefined;
  /** The command whose `OK` has come: the lines after it are its answer. */
  let answered: Command | undefined;

  const received = (line: string): readonly Meaning[] => {
    const parts = /^at\+recv=(?:(\d{1,3}),)?(-?\d{1,4}),(-?\d{1,4}),(\d{1,3})(?::((?:[0-9a-fA-F]{2})*))?$/.exec(line);
    if (!parts) return [{ kind: 'log' }];
    const [, port, rssi, snr, length, bytes = ''] = parts;
    const heard = { rssiDbm: Number(rssi), snrDb: Number(snr) };
    const hex = bytes.toLowerCase();
    if (hex.length !== 2 * Number(length) || Number(port ?? 0) > 255) return [{ kind: 'log' }];
    // Point to point has no ports.
    if (port === undefined) return [event({ kind: 'p2p-received', hex, ...heard })];
    if (Number(port) !== 0 || hex !== '') return [event({ kind: 'downlink', fPort: Number(port), hex, ...heard })];
    // Port 0 without a payload: the acknowledgement, or after an unconfirmed uplink commands for the MAC (manual, at+send).
    const level = event({ kind: 'heard', ...heard });
    return confirmed === false ? [level] : [event({ kind: 'acknowledged' }), level];
  };

  const fine = (info: string, open: Command): readonly Meaning[] => {
    answered = open;
    const status: Meaning = info === '' ? { kind: 'ok' } : { kind: 'ok', info };
    // The end of a command is told last: what asked goes on from there.
    if (isJoin(open) && info === 'Join Success') return [event({ kind: 'joined' }), status];
    if (isSend(open)) return confirmed === false ? [event({ kind: 'sent' }), status] : [status];
    if (open.text.startsWith('at+send=lorap2p:')) return [event({ kind: 'p2p-sent' }), status];
    const set = /^at\+set_config=lora:confirm:([01])$/.exec(open.text);
    if (set) confirmed = set[1] === '1';
    return info === 'Sleep' ? [event({ kind: 'asleep' }), status] : [status];
  };

  const refused = (number: string, open: Command): readonly Meaning[] => {
    const code = `ERROR: ${number}`;
    const status: Meaning = { kind: 'refused', why: refusals[number] ?? 'failed', code };
    const why = ends[number];
    if (why === undefined) return [status];
    if (isJoin(open)) return [event({ kind: 'join-failed', why, code }), status];
    return isSend(open) && confirmed !== false ? [event({ kind: 'not-acknowledged', why, code }), status] : [status];
  };

  /** What a board prints when it starts; undefined for other lines. */
  const starting = (line: string): readonly Meaning[] | undefined => {
    if (line.includes('<BOOT MODE>')) return [event({ kind: 'boot', mode: 'bootloader' })];
    const work = /^(?:Current work_mode|LoRa work mode): ?(LoRaWAN|P2P)/i.exec(line);
    if (work) mode = work[1] === 'P2P' ? 'p2p' : 'lorawan';
    if (work || /^(?:UART\d work mode:|RAK\w+ Version:|Stop Boot Mode)/.test(line)) return [{ kind: 'log' }];
    if (!line.startsWith('Initialization OK')) return undefined;
    const started = mode;
    mode = undefined;
    return [event(started === undefined ? { kind: 'boot' } : { kind: 'boot', mode: started })];
  };

  return {
    line(text, open) {
      // Firmware 3.0.0.14 puts a space behind OK (pyrak811, tests/test_rak811_v3.py); the manuals show none.
      const line = text.trimEnd();
      if (line.startsWith('at+recv=')) return received(line);
      const boots = starting(line);
      if (boots) return boots;
      // Any edge on its line wakes it: only to the command for it is this an answer.
      if (line === 'OK Wake Up' && open?.text !== 'at+set_config=device:sleep:0') return [event({ kind: 'awake' })];
      if (!open) return [line === 'OK Join Success' ? event({ kind: 'joined' }) : { kind: 'log' }];
      const status = /^OK(?: (.*))?$/.exec(line);
      if (status) return fine(status[1] ?? '', open);
      const error = /^error: ?(\d{1,3})$/i.exec(line);
      if (error) return refused(error[1]!, open);
      if (line === 'AT not support.') return [{ kind: 'refused', why: 'unknown-command', code: line }];
      const asks = /^IsConfirm: ?(\w+)/.exec(line);
      if (asks && answered === open) confirmed = asks[1] === 'confirm' || asks[1] === 'true';
      // The lines of `lora:status` and `device:status`, and those of the help.
      const follows = answered === open && (/^[\w ]+: ?/.test(line) || line.startsWith('  at+'));
      return [{ kind: follows || open.ends === 'first' ? 'value' : 'log' }];
    },
  };
};
