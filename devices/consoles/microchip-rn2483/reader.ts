import type { Command, LineReader, Meaning } from '../../../src/console/dialect.js';
import type { BoardEvent, Refusal } from '../../../src/console/events.js';

/** `RN2483 1.0.5 Oct 31 2018 15:06:52`: the answer to a question, and the greeting after a restart. */
export const versionIn = (line: string): { readonly model: string; readonly firmware: string } | undefined => {
  const found = /(RN\d{4}[A-Z]?) (\d+\.\d+\.\d+)\b/.exec(line);
  return found ? { model: found[1]!, firmware: found[2]! } : undefined;
};

const refusals: Readonly<Record<string, Refusal>> = {
  invalid_param: 'bad-value',
  keys_not_init: 'keys-missing',
  no_free_ch: 'no-channel',
  // The network has forbidden it to send for now.
  silent: 'duty-cycle',
  busy: 'busy',
  mac_paused: 'wrong-mode',
  not_joined: 'not-joined',
  frame_counter_err_rejoin_needed: 'not-joined',
  // As some versions spell it.
  fram_counter_err_rejoin_needed: 'not-joined',
  invalid_data_len: 'too-long',
  err: 'failed',
};

const value: Meaning = { kind: 'value' };
const done: Meaning = { kind: 'ok' };
const log: Meaning = { kind: 'log' };
const event = (what: BoardEvent): Meaning => ({ kind: 'event', event: what });

const asks = (text: string): boolean => /^\s*(?:(?:sys|mac|radio) get |mac pause)/.test(text);
const idDigits = (text: string): number | undefined =>
  /get (?:hweui|deveui|appeui)$/.test(text) ? 16 : /get devaddr$/.test(text) ? 8 : undefined;
const restarts = (text: string): boolean => /^\s*(?:sys (?:reset|factoryRESET)|radio cw off)/.test(text);

/** Understands one answer at once, and second answers that come later whatever is open then. */
export const reader = (): LineReader => {
  /** The uplink whose second answer is still to come. */
  let uplink: 'cnf' | 'uncnf' | undefined;
  let receiving = false;

  const over = (): Meaning => {
    const kind = uplink === 'cnf' ? 'acknowledged' : 'sent';
    uplink = undefined;
    return event({ kind });
  };
  const lost = (why: 'no-answer' | 'bad-answer' | 'too-long' | 'unknown', code: string): readonly Meaning[] => {
    uplink = undefined;
    return [event({ kind: 'not-acknowledged', why, code })];
  };

  /** What comes by itself. */
  const later = (text: string): readonly Meaning[] | undefined => {
    switch (text) {
      case 'accepted':
        return [event({ kind: 'joined' })];
      case 'denied':
        return [event({ kind: 'join-failed', why: 'no-answer', code: text })];
      case 'mac_tx_ok':
        return [over()];
      case 'mac_err':
        return lost(uplink === 'uncnf' ? 'unknown' : 'no-answer', text);
      case 'no_ack':
        return lost('no-answer', text);
      case 'mic_error':
        return lost('bad-answer', text);
      case 'radio_tx_ok':
        return [event({ kind: 'p2p-sent' })];
      case 'radio_err': {
        const why = receiving ? 'timeout' : 'error';
        receiving = false;
        return [event({ kind: 'p2p-failed', why })];
      }
    }
    const data = /^mac_rx (\d{1,3})(?: +((?:[0-9A-Fa-f]{2})*))?$/.exec(text);
    if (data) {
      const hex = (data[2] ?? '').toLowerCase();
      const downlink = event({ kind: 'downlink', fPort: Number(data[1]), hex });
      // It stands instead of mac_tx_ok; by itself it is what a class C module heard.
      return uplink === undefined ? [downlink] : [downlink, over()];
    }
    const frame = /^radio_rx +((?:[0-9A-Fa-f]{2})+)$/.exec(text);
    if (!frame) return undefined;
    receiving = false;
    return [event({ kind: 'p2p-received', hex: frame[1]!.toLowerCase() })];
  };

  const began = ({ text }: Command): void => {
    const tx = /^\s*mac tx (cnf|uncnf)/.exec(text);
    if (tx) uplink = tx[1] as 'cnf' | 'uncnf';
    if (/^\s*radio (?:rx|tx)\b/.test(text)) receiving = text.trim().startsWith('radio rx');
  };

  return {
    line(text, open) {
      const news = later(text);
      if (news) return news;
      if (versionIn(text)) {
        const asked = open?.text.trim() === 'sys get ver';
        if (asked) return open.ends === 'first' ? [value] : [value, done];
        const boot = event({ kind: 'boot' });
        uplink = undefined;
        receiving = false;
        return open && restarts(open.text) ? [done, boot] : [boot];
      }
      // The length of a payload may be found wrong when it is sent.
      if (text === 'invalid_data_len' && uplink !== undefined && !open?.text.includes('mac tx'))
        return lost('too-long', text);
      if (!open) return [log];
      if (text === 'ok') {
        began(open);
        return [done];
      }
      const why = refusals[text];
      if (why !== undefined) return [{ kind: 'refused', why, code: text }];
      // Only a question has a value; anything else that comes is noise, or the end of something older.
      if (!asks(open.text) || !/^[ -~]+$/.test(text)) return [log];
      // An answer has nothing that names its question: one line too many would shift all that come after it. The ids can
      // be told from other lines.
      const digits = idDigits(open.text);
      if (digits !== undefined && (text.length !== digits || !/^[0-9A-Fa-f]+$/.test(text))) return [log];
      return open.ends === 'first' ? [value] : [value, done];
    },
  };
};
