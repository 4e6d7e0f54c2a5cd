import type { Modem, ModemEvent, ModemRefusal } from '../../../src/sim/modem-types.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import type { Settings } from './settings.js';

const spaced = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const colons = (number: number): string =>
  (number.toString(16).padStart(8, '0').toUpperCase().match(/../g) ?? []).join(':');

const refusalWords = (refusal: ModemRefusal): string => {
  switch (refusal.kind) {
    case 'busy':
      return 'LoRaWAN modem is busy';
    case 'not-joined':
      return 'Please join network first';
    case 'not-otaa':
      return 'Not in OTAA mode';
    case 'too-long':
      return `Length error ${refusal.most}`;
    case 'wait':
      return `No band in ${Math.ceil(refusal.ms)}ms`;
  }
};

export interface Uplink {
  /** As it was given: every line of its story begins with it. */
  readonly word: string;
  readonly confirmed: boolean;
  readonly bytes: Uint8Array;
}

export interface Radio {
  join(how: { readonly anew: boolean }, port: TwinPort): void;
  send(uplink: Uplink, port: TwinPort): void;
  hear(event: ModemEvent, port: TwinPort): void;
  forget(): void;
}

/** Joins and uplinks as the module tells them: lines from `Start` to `Done`. */
export const radioOf = (board: {
  readonly modem: Modem;
  readonly settings: Settings;
  say(port: TwinPort, ...lines: readonly string[]): void;
}): Radio => {
  const { modem, settings, say } = board;
  let joining = false;
  let uplink: { readonly word: string; downlinks: string[]; pending: boolean; link: string | undefined } | undefined;

  const downlinkLines = (word: string, event: ModemEvent & { readonly kind: 'downlink' }): readonly string[] => {
    const window = { rx1: 1, rx2: 2, rxc: 0 }[event.window];
    return [
      // A frame without a payload is an acknowledgement or carries commands of the MAC only.
      ...(event.bytes.length > 0 ? [`+${word}: PORT: ${event.fPort}; RX: "${spaced(event.bytes)}"`] : []),
      `+${word}: RXWIN${window}, RSSI ${Math.round(event.rssiDbm)}, SNR ${event.snrDb.toFixed(1)}`,
    ];
  };

  const finish = (acknowledged: boolean, port: TwinPort): void => {
    if (!uplink) return;
    const { word, downlinks, pending, link } = uplink;
    uplink = undefined;
    say(
      port,
      ...(pending ? [`+${word}: FPENDING`] : []),
      ...(link === undefined ? [] : [`+${word}: ${link}`]),
      ...(acknowledged ? [`+${word}: ACK Received`] : []),
      ...downlinks,
      `+${word}: Done`,
    );
  };

  return {
    join({ anew }, port) {
      if (settings.kept.mode !== 'LWOTAA') return say(port, '+JOIN: Not in OTAA mode');
      if (joining) return say(port, '+JOIN: LoRaWAN modem is busy');
      if (modem.joined && !anew) return say(port, '+JOIN: Joined already');
      const refusal = modem.join();
      if (refusal) return say(port, `+JOIN: ${refusalWords(refusal)}`);
      joining = true;
      say(port, '+JOIN: Start', `+JOIN: ${anew ? 'FORCE' : 'NORMAL'}`);
    },

    send({ word, confirmed, bytes }, port) {
      if (uplink || joining) return say(port, `+${word}: LoRaWAN modem is busy`);
      // With ABP there is nothing to wait for.
      if (settings.kept.mode === 'LWABP' && !modem.joined) modem.join();
      const refusal = modem.send({ fPort: settings.kept.port, bytes, confirmed });
      if (refusal) return say(port, `+${word}: ${refusalWords(refusal)}`);
      uplink = { word, downlinks: [], pending: false, link: undefined };
      say(port, `+${word}: Start`, ...(confirmed ? [`+${word}: Wait ACK`] : []));
    },

    hear(event, port) {
      switch (event.kind) {
        case 'joined': {
          if (!joining) return;
          joining = false;
          const netId = event.netId.toString(16).padStart(6, '0').toUpperCase();
          const names = `+JOIN: NetID ${netId} DevAddr ${colons(event.devAddr)}`;
          return say(port, '+JOIN: Network joined', names, '+JOIN: Done');
        }
        case 'join-failed':
          if (!joining) return;
          joining = false;
          return say(port, '+JOIN: Join failed', '+JOIN: Done');
        case 'sent':
          return finish(false, port);
        case 'delivered':
          return finish(event.acknowledged, port);
        case 'downlink':
          if (!uplink) return say(port, ...downlinkLines('MSG', event));
          uplink.pending ||= event.pending;
          uplink.downlinks.push(...downlinkLines(uplink.word, event));
          return;
        case 'link-checked':
          if (uplink) uplink.link = `Link ${event.marginDb}, ${event.gateways}`;
          return;
        default:
          return;
      }
    },

    forget() {
      joining = false;
      uplink = undefined;
    },
  };
};
