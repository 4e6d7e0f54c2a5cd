import { hex } from '../../../src/base/hex.js';
import { readValues, type CommandRow } from '../../../src/console/dialect.js';
import type { Firmware, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { table, type Name } from '../../../devices/consoles/rak-811-v2/table.js';
import { p2pAirtimeMs, plain, radioTalk, refusalNumber, status } from './radio.js';
import { isSet, keyText, valueOf, type Key, type Told } from './readings.js';
import * as store from './settings.js';

const byWord = new Map((Object.entries(table) as [Name, CommandRow][]).map(([name, row]) => [row.word, { name, row }]));

const started = 0;
const awake = 1;
const joinAgain = 2;
const p2pSent = 3;

/** From the reset to the banner; from the first character to a console that reads. */
const startMs = 300;
const wakeMs = 20;

const bad = 'ERROR-1';
/** Rules of the RAK811's firmware 2: what a line does, and what a byte does before it is part of a line. */
export const firmware = ({ modem, flash = {} }: TwinSetup): Firmware & { baud(): number } => {
  const kept = store.keptIn(flash);
  const baudKept = (): number => Number(kept.uart.split(',')[0]);
  let baud = baudKept();
  const pins = new Map<string, string>();
  let state: 'starting' | 'commands' | 'asleep' = 'starting';
  let levels = false;
  let p2pFrames = 0;
  let p2pTotal = 0;
  /** A line whose CR has come and whose LF has not. */
  let held: string | undefined;
  const radio = radioTalk(modem, () => levels);
  const told = (): Told => ({ kept, modem, levels, p2pTotal });

  const print = (port: TwinPort, ...lines: readonly string[]): void => {
    for (const line of lines) port.print(`${line}\r\n`);
  };
  const keep = (port: TwinPort, change: Partial<store.Kept>): string => {
    Object.assign(kept, change);
    store.apply(kept, modem);
    port.event({ kind: 'flash', flash: { ...kept } });
    return 'OK';
  };

  /** LoRaWAN begins anew, as the settings say. */
  const restartStack = (port: TwinPort): string => {
    modem.restart({ keepSession: false });
    radio.forget();
    port.cancel(joinAgain);
    levels = false;
    store.apply(kept, modem);
    return 'OK';
  };
  const start = (port: TwinPort): void => {
    state = 'starting';
    held = undefined;
    p2pFrames = 0;
    port.cancel(p2pSent);
    port.wakeInMs(started, startMs);
  };

  const identify = (name: Key, value: string): string => {
    const to =
      name === 'devAddr' ? Number.parseInt(value, 16) : name.endsWith('Key') ? hex(value) : value.toLowerCase();
    modem.identity = { ...modem.identity, [name]: to };
    return 'OK';
  };

  const join = (how: string): string => {
    const needed: readonly Key[] = how === 'otaa' ? ['devEui', 'joinEui', 'appKey'] : ['devAddr', 'nwkSKey', 'appSKey'];
    if (!needed.every((name) => isSet(keyText(modem, name)))) return bad;
    modem.settings.activation = how === 'otaa' ? 'otaa' : 'abp';
    const refusal = radio.join(how === 'otaa' ? Number(kept.joinTries) : 1);
    if (!refusal) return 'OK';
    return refusal.kind === 'busy' ? 'ERROR-6' : how === 'otaa' ? 'ERROR-4' : 'ERROR-3';
  };

  const sendP2p = ([times = '1', everyMs = '0', bytes = '']: readonly string[], port: TwinPort): string => {
    if (p2pFrames > 0) return 'ERROR-6';
    p2pFrames = Number(times);
    // One event when the last one is out; the pause begins when a frame ends.
    const totalMs = p2pFrames * p2pAirtimeMs(kept.rf, bytes.length / 2) + (p2pFrames - 1) * Number(everyMs);
    port.wakeInMs(p2pSent, totalMs);
    return 'OK';
  };

  const reload = (port: TwinPort): string => {
    const zeros = new Uint8Array(16);
    const blank = { joinEui: '0'.repeat(16), appKey: zeros, devAddr: 0, nwkSKey: zeros, appSKey: zeros };
    // The DevEUI is made of the chip's own number.
    modem.identity = { devEui: kept.factory, ...blank };
    const { uart, factory } = kept;
    keep(port, { ...store.defaults, uart, factory });
    return restartStack(port);
  };

  /** Does what values ask; gives the answer. */
  const write = (name: Name, values: readonly string[], port: TwinPort): string => {
    const [first = ''] = values;
    switch (name) {
      case 'reset':
        restartStack(port);
        if (first === '0') start(port);
        return 'OK';
      case 'mode':
        keep(port, { mode: first });
        return restartStack(port);
      case 'levels':
        levels = first === '1';
        return 'OK';
      case 'band':
        if (first === kept.band) return 'OK';
        keep(port, store.regional(first));
        return restartStack(port);
      case 'join':
        return join(first);
      case 'currentRate':
        modem.settings.dataRate = Number(first);
        return 'OK';
      case 'send': {
        const [, fPort, bytes = ''] = values;
        const tries = Number(kept.tries);
        const refusal = radio.send({ fPort: Number(fPort), bytes: hex(bytes), confirmed: first === '1', tries });
        return refusal ? `ERROR${refusalNumber(refusal)}` : 'OK';
      }
      case 'p2pSend':
        return sendP2p(values, port);
      case 'statistics':
        p2pTotal = 0;
        return 'OK';
      case 'uart':
        port.event({ kind: 'note', text: `${first} baud from the next restart on` });
        return keep(port, { uart: values.join(',') });
      case 'pin':
        if (values.length === 1) return `OK${pins.get(first) ?? '0'}`;
        pins.set(first, values[1]!);
        return 'OK';
      case 'adc':
        return 'OK4095';
      case 'readRegister':
        return `OK${'00'.repeat(Number(values[1] ?? 1))}`;
      case 'readI2c':
        return `OK${'33'.repeat(Number(values[2] ?? 1))}`;
      case 'devAddr':
      case 'devEui':
      case 'joinEui':
      case 'appKey':
      case 'nwkSKey':
      case 'appSKey':
        return identify(name, first);
      case 'channels':
      case 'channelMask': {
        const channels =
          name === 'channels' ? store.withChannel(kept, values) : store.withMask(kept, Number(first), values[1]!);
        return channels === undefined ? bad : keep(port, { channels });
      }
      default:
        return name in kept ? keep(port, { [name]: values.join(',') }) : 'OK';
    }
  };

  const run = (name: Name, port: TwinPort): string => {
    switch (name) {
      case 'sleep':
        state = 'asleep';
        port.event({ kind: 'note', text: 'asleep' });
        return 'OK';
      case 'reload':
        return reload(port);
      case 'p2pSendStop':
        p2pFrames = 0;
        port.cancel(p2pSent);
        return 'OK';
      default:
        return 'OK';
    }
  };

  /** `key:value&key:value`: all of them, or none. */
  const setConfig = (text: string, port: TwinPort): string => {
    const sets = text.split('&').map((pair) => {
      const colon = pair.indexOf(':');
      const found = byWord.get(`config:${pair.slice(0, colon)}`);
      const parts = pair.slice(colon + 1).split(',');
      return colon > 0 && found?.row.write && readValues(found.row.write, parts).ok ? { ...found, parts } : undefined;
    });
    if (sets.includes(undefined)) return bad;
    const refused = sets.map((set) => write(set!.name, set!.parts, port)).find((answer) => answer !== 'OK');
    return refused ?? 'OK';
  };

  const command = (line: string, port: TwinPort): string => {
    if (!line.startsWith('at+')) return bad;
    const [, word = '', , tail] = /^([a-z_]+)(=(.*))?$/.exec(line.slice(3)) ?? [];
    if (word === 'set_config') return tail === undefined ? bad : setConfig(tail, port);
    const found = word === 'get_config' ? byWord.get(`config:${tail}`) : byWord.get(word);
    if (word === 'get_config') {
      const text = found?.row.read && valueOf(found.name, told());
      return text === undefined ? 'ERROR-2' : `OK${text}`;
    }
    if (!found) return bad;
    const { name, row } = found;
    if (tail === undefined) {
      if (row.run) return run(name, port);
      const text = row.read && valueOf(name, told());
      return text === undefined ? bad : `OK${text}`;
    }
    const parts = tail.split(',');
    return row.write && readValues(row.write, parts).ok ? write(name, parts, port) : bad;
  };

  return {
    baud: () => baud,
    power(port) {
      if (kept.factory === '') kept.factory = modem.identity.devEui;
      store.apply(kept, modem);
      start(port);
    },
    byte(_, port) {
      if (state === 'starting') return true;
      // A character wakes it; what came with it was not read.
      if (state === 'asleep') port.wakeInMs(awake, wakeMs);
      return state === 'asleep';
    },
    line(text, port, end) {
      // Only LF sets it to work, CR ends the text; an empty line is an unknown command as well.
      if (end === '\r') return void (held ??= text);
      const line = held ?? text;
      held = undefined;
      print(port, command(line, port));
    },
    modem(event, port) {
      if (state === 'starting') return;
      const { lines, againMs } = radio.news(event);
      print(port, ...lines);
      if (againMs !== undefined) port.wakeInMs(joinAgain, againMs);
    },
    wake(slot, port) {
      switch (slot) {
        case started:
          state = 'commands';
          baud = baudKept();
          port.event({ kind: 'note', text: 'started' });
          return print(port, 'Welcome to RAK811');
        case awake:
          state = 'commands';
          // It reads its settings again; this one is not stored.
          levels = false;
          return print(port, plain(status.awake));
        case joinAgain: {
          const { lines, againMs } = radio.again();
          print(port, ...lines);
          if (againMs !== undefined) port.wakeInMs(joinAgain, againMs);
          return;
        }
        default:
          p2pTotal += p2pFrames;
          p2pFrames = 0;
          return print(port, plain(status.p2p));
      }
    },
  };
};
