import type { Meaning } from '../../../src/console/dialect.js';
import type { BoardEvent } from '../../../src/console/events.js';

// What Heltec's LoRaWAN and LoRa libraries print, with AT commands and without: the same lines on CubeCell and ESP32.

/** Understands the log of Heltec's libraries; it remembers the lines of a downlink until the last one comes. */
export interface HeltecLog {
  /** What a line means; undefined when it is none of the log's. */
  line(text: string): readonly Meaning[] | undefined;
}

const joining = /^(?:joining\.\.\.)+/;

/** A CubeCell prints `joining...` without a line end: what comes next stands behind it. */
export const unglued = (text: string): string => text.replace(joining, '');

const event = (what: BoardEvent): readonly Meaning[] => [{ kind: 'event', event: what }];
const log: readonly Meaning[] = [{ kind: 'log' }];

// `received unconfirmed downlink: rssi = ..` today, `receive data: rssi = ..` before the sketches could tell them apart.
const heardForm =
  /^(?:received (?:(unconfirmed|confirmed|multicast|proprietary) )?downlink|receive data): rssi = (-?\d{1,4}), snr = (-?\d{1,3}), datarate = (\d{1,2})$/;
const headForm = /^\+REV DATA:RXWIN([12]), ?RXSIZE (\d{1,3}), ?PORT (\d{1,3})$/;
const dataForm = /^\+REV DATA:((?:[0-9A-Fa-f]{2})*)$/;

/** Words of the log that always mean the same. */
const fixed: Readonly<Record<string, BoardEvent>> = {
  joined: { kind: 'joined' },
  // Printed before the MAC is asked: it tells that an uplink begins, and nothing tells that it is over.
  'unconfirmed uplink sending ...': { kind: 'sending', confirmed: false },
  'confirmed uplink sending ...': { kind: 'sending', confirmed: true },
  // An empty frame goes out instead of the payload.
  'payload length error ...': { kind: 'not-acknowledged', why: 'too-long', code: 'payload length error' },
  'ack received': { kind: 'acknowledged' },
  'device time updated': { kind: 'time', ok: true },
  'TX done': { kind: 'p2p-sent' },
  'TX timeout': { kind: 'p2p-failed', why: 'timeout' },
  'RX Timeout': { kind: 'p2p-failed', why: 'timeout' },
  'Rx error': { kind: 'p2p-failed', why: 'error' },
};

/** `LoRaWAN EU868 Class A start!`: region and class of a sketch that starts. */
export const startForm = /^LoRaWAN (\w+)(?:\(.*\))? +Class ([AC]) start!$/;

/** Whether a line is one that only Heltec's libraries print: `joined` and `TX done` may be anybody's. */
export const isHeltecLog = (line: string): boolean =>
  joining.test(line) ||
  /^(?:un)?confirmed uplink sending \.\.\.$/.test(line) ||
  /\(For (?:OTAA|ABP) Mode\)$/.test(line) ||
  [heardForm, headForm, startForm].some((form) => form.test(line));

export const heltecLog = (): HeltecLog => {
  let heard: { readonly rssiDbm: number; readonly snrDb: number; readonly dataRate: number } | undefined;
  let multicast = false;
  let head: { readonly window: 'rx1' | 'rx2'; readonly size: number; readonly fPort: number } | undefined;
  let p2pHex: string | undefined;

  const downlink = (hex: string): readonly Meaning[] => {
    const open = head;
    head = undefined;
    if (!open || hex.length !== 2 * open.size) return log;
    const { window, fPort } = open;
    const how = heard;
    heard = undefined;
    return event({ kind: 'downlink', fPort, hex, window, ...how, ...(multicast && { multicast }) });
  };

  return {
    line(text) {
      const rest = unglued(text);
      if (rest === '') return log;
      if (Object.hasOwn(fixed, rest)) return event(fixed[rest]!);
      if (rest.startsWith('join failed')) return event({ kind: 'join-failed', why: 'no-answer' });
      const level = heardForm.exec(rest);
      if (level) {
        multicast = level[1] === 'multicast';
        heard = { rssiDbm: Number(level[2]), snrDb: Number(level[3]), dataRate: Number(level[4]) };
        return event({ kind: 'heard', rssiDbm: heard.rssiDbm, snrDb: heard.snrDb });
      }
      const first = headForm.exec(rest);
      if (first) {
        head = { window: first[1] === '2' ? 'rx2' : 'rx1', size: Number(first[2]), fPort: Number(first[3]) };
        return log;
      }
      const data = dataForm.exec(rest);
      if (data) return downlink(data[1]!.toLowerCase());
      const p2p = /^Received (?:Hex:((?:[0-9A-Fa-f]{2})*)|String:(.*))$/.exec(rest);
      if (p2p) {
        p2pHex = p2p[1]?.toLowerCase() ?? hexOf(p2p[2]!);
        return log;
      }
      const p2pLevel = /^RSSI:(-?\d{1,4}), Size:\d{1,3}$/.exec(rest);
      if (!p2pLevel || p2pHex === undefined) return undefined;
      const hex = p2pHex;
      p2pHex = undefined;
      return event({ kind: 'p2p-received', hex, rssiDbm: Number(p2pLevel[1]) });
    },
  };
};

const hexOf = (text: string): string =>
  Array.from(text, (letter) => (letter.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')).join('');

/** What the licence lines say; undefined when it is none of them. */
export const licenceLog = (): HeltecLog => {
  let chipId: string | undefined;
  let asked = false;
  const needed = (): readonly Meaning[] =>
    event({ kind: 'licence', state: 'needed', ...(chipId !== undefined && { chipId }) });
  return {
    line(text) {
      const id = /^ESP32ChipID=([0-9A-Fa-f]{12})$/.exec(text);
      if (id) {
        // Sketches that only show the chip's number print this line as well: alone it asks for nothing.
        const news = asked && chipId === undefined;
        chipId = id[1]!.toLowerCase();
        return news ? needed() : log;
      }
      if (text.startsWith('Please provide a correct license!')) {
        asked = true;
        return needed();
      }
      // `actived` in the firmware, `active` in the manual, `activated` on CubeCell.
      if (/^The board is activ(?:e|ed|ated)\b/.test(text)) return event({ kind: 'licence', state: 'valid' });
      if (text.startsWith('Error license!')) return event({ kind: 'licence', state: 'wrong' });
      return undefined;
    },
  };
};
