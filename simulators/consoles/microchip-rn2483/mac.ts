import { hex, toHex } from '../../../src/base/hex.js';
import type { Modem, ModemEvent } from '../../../src/sim/modem-types.js';
import type { Flash } from '../../../src/sim/twin.js';
import { channelsOf } from './channels.js';
import type { Name, Wanted } from './lines.js';
import { refusalWord } from './words.js';

const upper = (text: string): string => text.toUpperCase();
const onOff = (state: boolean): string => (state ? 'on' : 'off');

/** What is kept as it was written and changes nothing else. */
const plain: Partial<Record<Name, string>> = {
  autoReply: 'off',
  tries: '7',
  linkCheck: '0',
  battery: '255',
  band: '868',
};
const idleMs = 4_294_967_245;

export interface Mac {
  /** The answer to a `mac` command; undefined when it is none. */
  obey(wanted: Wanted): string | undefined;
  hear(event: ModemEvent): readonly string[];
  /** What `mac save` puts into flash. */
  readonly saved: Flash | undefined;
  /** Power comes back: what was not saved is lost. */
  restart(how: { readonly factory: boolean }): void;
  readonly paused: boolean;
}

// Each by its name: a modem's settings are columns of its MAC, and a copy of all of them would be empty.
const settingsNow = ({ settings: s }: Modem): Partial<Modem['settings']> => ({
  ...{ dataRate: s.dataRate, adr: s.adr, txPower: s.txPower, publicNetwork: s.publicNetwork },
  ...{ deviceClass: s.deviceClass, rx1DelayS: s.rx1DelayS, rx2Hz: s.rx2Hz, rx2DataRate: s.rx2DataRate },
});

/** The LoRaWAN commands of the module over its modem. */
export const macOf = (modem: Modem, flash: Flash): Mac => {
  const made = { identity: modem.identity, settings: settingsNow(modem) };
  let stored = { identity: modem.identity, kept: { ...(flash as Record<string, string>) } };
  let kept: Record<string, string> = { ...stored.kept };
  let saved: Flash | undefined;
  let paused = false;
  let joining = false;
  let uplink: { readonly confirmed: boolean; readonly lines: string[] } | undefined;
  let link = { margin: 255, gateways: 0 };

  const of = (name: Name): string => kept[name] ?? plain[name] ?? '0';
  const put = (name: string, value: string): string => {
    kept = { ...kept, [name]: value };
    return 'ok';
  };
  const channels = channelsOf({ kept: (name) => kept[name], put });
  const identify = (change: Partial<Modem['identity']>): string => {
    modem.identity = { ...modem.identity, ...change };
    return 'ok';
  };
  /** Hands the modem what stands in flash; a band's defaults otherwise. */
  const apply = (): void => {
    Object.assign(modem.settings, made.settings);
    const { settings } = modem;
    if (kept['dataRate'] !== undefined) settings.dataRate = Number(kept['dataRate']);
    if (kept['adr'] !== undefined) settings.adr = kept['adr'] === 'on';
    if (kept['syncWord'] !== undefined) settings.publicNetwork = kept['syncWord'] === '34';
  };

  const rxDelay1 = (): number => {
    const wanted = Number(kept['rxDelay1'] ?? NaN);
    const now = modem.settings.rx1DelayS;
    return Math.max(1, Math.round(wanted / 1_000)) === now ? wanted : now * 1_000;
  };
  /** The state of the module in bits: which bit says what is not verified, and differs between versions. */
  const status = (): string => {
    const bits = [
      [0, uplink !== undefined || joining],
      [4, modem.joined],
      [5, of('autoReply') === 'on'],
      [6, modem.settings.adr],
      [8, paused],
    ] as const;
    return upper(
      bits
        .reduce((sum, [bit, set]) => sum + (set ? 2 ** bit : 0), 0)
        .toString(16)
        .padStart(8, '0'),
    );
  };

  const ask = (name: Name): string | undefined => {
    const { identity, settings } = modem;
    switch (name) {
      case 'devEui':
      case 'joinEui':
        return upper(identity[name]);
      case 'devAddr':
        return upper((modem.devAddr ?? identity.devAddr).toString(16).padStart(8, '0'));
      case 'dataRate':
        return String(settings.dataRate);
      case 'adr':
        return onOff(settings.adr);
      case 'power':
        return String(Math.min(5, settings.txPower + 1));
      case 'rxDelay1':
        return String(rxDelay1());
      case 'rxDelay2':
        return String(rxDelay1() + 1_000);
      case 'syncWord':
        return of('syncWord') === '0' ? '34' : of('syncWord');
      case 'upCounter':
        return String(modem.fCntUp);
      case 'downCounter':
        return String(modem.fCntDown);
      case 'deviceClass':
        return settings.deviceClass;
      case 'dutyCycle':
        return '1';
      case 'margin':
        return String(link.margin);
      case 'gateways':
        return String(link.gateways);
      case 'status':
        return status();
      case 'pause':
        // No time at all while it is at work.
        if (uplink || joining) return '0';
        paused = true;
        return String(idleMs);
      default:
        return plain[name] === undefined ? undefined : of(name);
    }
  };

  const join = (how: unknown): string => {
    const { identity, settings } = modem;
    if (paused) return 'mac_paused';
    if (uplink || joining) return 'busy';
    const empty = (key: Uint8Array): boolean => key.every((byte) => byte === 0);
    settings.activation = how === 'otaa' ? 'otaa' : 'abp';
    const missing =
      how === 'otaa'
        ? /^0*$/.test(identity.devEui) || empty(identity.appKey)
        : empty(identity.nwkSKey) || empty(identity.appSKey);
    if (missing) return 'keys_not_init';
    const refusal = modem.join();
    if (refusal) return refusalWord(refusal);
    joining = how === 'otaa';
    return joining ? 'ok' : 'ok\r\naccepted';
  };
  const send = (values: readonly unknown[]): string => {
    if (paused) return 'mac_paused';
    if (uplink || joining) return 'busy';
    if (Number(of('linkCheck')) > 0) modem.ask('link-check');
    const confirmed = values[0] === 'cnf';
    const bytes = hex(values[2] as string);
    const tries = Number(of('tries')) + 1;
    const refusal = modem.send({ fPort: values[1] as number, bytes, confirmed, ...(confirmed && { tries }) });
    if (refusal) return refusalWord(refusal);
    uplink = { confirmed, lines: [] };
    return 'ok';
  };

  const set = (name: Name, values: readonly unknown[], text: string): string | undefined => {
    const { settings } = modem;
    const [first, second] = values;
    switch (name) {
      case 'devEui':
      case 'joinEui':
        return identify({ [name]: first as string });
      case 'appKey':
      case 'nwkSKey':
      case 'appSKey':
        return identify({ [name]: hex(first as string) });
      case 'devAddr':
        return identify({ devAddr: parseInt(first as string, 16) });
      case 'dataRate':
        settings.dataRate = first as number;
        return put(name, text);
      case 'adr':
        settings.adr = first === 'on';
        return put(name, text);
      case 'power':
        // There is no index 0 at 868 MHz.
        if (first === 0 && of('band') === '868') return 'invalid_param';
        settings.txPower = Math.max(0, (first as number) - 1);
        return 'ok';
      case 'rxDelay1':
        settings.rx1DelayS = Math.max(1, Math.round((first as number) / 1_000));
        return put(name, text);
      case 'rx2':
        settings.rx2DataRate = first as number;
        settings.rx2Hz = second as number;
        return 'ok';
      case 'rx2Of':
        return first === '868' ? `${settings.rx2DataRate} ${settings.rx2Hz}` : '0 434665000';
      case 'deviceClass':
        settings.deviceClass = first === 'c' ? 'C' : 'A';
        return 'ok';
      case 'syncWord':
        settings.publicNetwork = first === '34';
        return put(name, upper(text));
      // The counters are the modem's own: an order is taken, and the next frame goes on where it was.
      case 'upCounter':
      case 'downCounter':
        return 'ok';
      case 'macReset':
        kept = { band: text };
        modem.restart({ keepSession: false });
        apply();
        paused = joining = false;
        uplink = undefined;
        return 'ok';
      case 'join':
        return join(first);
      case 'send':
        return send(values);
      default:
        if (plain[name] !== undefined) return put(name, String(first));
        return channels.of(name, values) ?? channels.put(name, values);
    }
  };

  const run = (name: Name): string | undefined => {
    switch (name) {
      case 'save':
        stored = { identity: modem.identity, kept: { ...kept } };
        saved = { ...kept };
        return 'ok';
      case 'resume':
        paused = false;
        return 'ok';
      case 'unsilence':
        return 'ok';
      default:
        return undefined;
    }
  };

  const end = (word: string): readonly string[] => {
    const lines = uplink?.lines ?? [];
    uplink = undefined;
    return lines.length > 0 && word === 'mac_tx_ok' ? lines : [word];
  };

  apply();
  return {
    obey(wanted) {
      if (wanted.kind === 'set') return set(wanted.name, wanted.values, wanted.text);
      return wanted.kind === 'ask' ? ask(wanted.name) : run(wanted.name);
    },
    hear(event) {
      switch (event.kind) {
        case 'joined':
        case 'join-failed': {
          if (!joining) return [];
          joining = false;
          return [event.kind === 'joined' ? 'accepted' : 'denied'];
        }
        case 'sent':
          return uplink ? end('mac_tx_ok') : [];
        case 'delivered':
          return uplink ? end(event.acknowledged ? 'mac_tx_ok' : 'mac_err') : [];
        case 'downlink': {
          const line = `mac_rx ${event.fPort} ${upper(toHex(event.bytes))}`;
          if (!uplink) return [line];
          uplink.lines.push(line);
          return [];
        }
        case 'link-checked':
          link = { margin: event.marginDb, gateways: event.gateways };
          return [];
        default:
          return [];
      }
    },
    get saved() {
      const now = saved;
      saved = undefined;
      return now;
    },
    get paused() {
      return paused;
    },
    restart({ factory }) {
      if (factory) stored = { identity: made.identity, kept: {} };
      modem.identity = stored.identity;
      kept = { ...stored.kept };
      modem.restart({ keepSession: false });
      apply();
      paused = joining = false;
      uplink = undefined;
      link = { margin: 255, gateways: 0 };
    },
  };
};
