import { hex } from '../../../src/base/hex.js';
import { cutValues, readValues, type CommandRow } from '../../../src/console/dialect.js';
import type { Firmware, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { table, type Name } from '../../../devices/consoles/rak-legacy-v3/table.js';
import { channelLine, helpLines, wordsOf } from './boards.js';
import { p2pAirtimeMs, radioTalk } from './radio.js';
import { apply, defaults, identityIn, identityText, keptIn, statusLines, type Kept } from './settings.js';

// Longest first: `set_config=lorap2p` begins `set_config=lorap2p:transfer_mode`.
const rows = (Object.entries(table) as [Name, CommandRow][]).sort(([, a], [, b]) => b.word.length - a.word.length);

const started = 0;
const awake = 1;
const dataEnds = 2;
const p2pSent = 3;

/** From the reset to the first line; from the first edge to a console that reads; the pause that ends a piece of data. */
const startMs = 200;
const bootloaderBaud = 115_200;
const wakeMs = 20;
const dataPauseMs = 100;
/** What comes in data mode goes up on this port (the firmware's own application, in RAK's examples for RUI 2). */
const dataPort = 8;

type State = 'starting' | 'commands' | 'data' | 'asleep' | 'bootloader';

/** Rules of RAK's firmware 3: what a line does, and what a byte does before it is part of a line. */
export const firmware = ({ modem, board, flash = {} }: TwinSetup): Firmware & { baud(): number } => {
  const kept = keptIn(flash);
  const words = wordsOf(board);
  const radio = radioTalk(modem);
  let state: State = 'starting';
  let baud = Number(kept.baud);
  let data = '';
  let p2pBusy = false;
  /** A line whose CR has come and whose LF has not. */
  let held: string | undefined;

  const print = (port: TwinPort, ...lines: readonly string[]): void => {
    for (const line of lines) port.print(`${line}\r\n`);
  };
  const keep = (port: TwinPort, change: Partial<Kept>): void => {
    Object.assign(kept, change);
    apply(kept, modem);
    port.event({ kind: 'flash', flash: { ...kept } });
  };

  /** When a new speed counts the manuals do not say: here as soon as its OK is out. */
  const useSpeed = (): void => void (state !== 'bootloader' && (baud = Number(kept.baud)));
  const start = (port: TwinPort): void => {
    state = 'starting';
    held = undefined;
    radio.forget();
    p2pBusy = false;
    port.cancel(p2pSent);
    apply(kept, modem);
    port.wakeInMs(started, startMs);
  };
  const bootText = (port: TwinPort): void => {
    state = kept.dataMode === '1' ? 'data' : 'commands';
    useSpeed();
    const join = `join_mode:${kept.activation === '1' ? 'ABP' : 'OTAA'}, Class: ${modem.settings.deviceClass}`;
    print(
      port,
      `UART1 work mode: ${kept.dataMode === '1' ? 'RUI_UART_UNVARNISHED' : words.normal}`,
      kept.workMode === '1' ? 'Current work_mode:P2P' : `Current work_mode:LoRaWAN, ${join}`,
      'Initialization OK',
    );
    port.event({ kind: 'note', text: 'started' });
  };
  const restart = (port: TwinPort): void => {
    modem.restart({ keepSession: false });
    start(port);
  };

  const identify = (name: Name, value: string): string => {
    const to = name === 'devAddr' ? Number.parseInt(value, 16) : name.endsWith('Key') ? hex(value) : value;
    modem.identity = { ...modem.identity, [name]: to };
    return 'OK';
  };

  /** Does what a command asks; gives the answer, or undefined when it comes later or never. */
  const run = (name: Name, values: readonly string[], port: TwinPort): string | undefined => {
    const p2p = kept.workMode === '1';
    switch (name) {
      case 'version':
        return `OK ${words.version}`;
      case 'help':
        return `OK ${helpLines.join('\r\n')}`;
      case 'restart':
        restart(port);
        return undefined;
      case 'boot':
        modem.restart({ keepSession: false });
        state = 'bootloader';
        baud = bootloaderBaud;
        port.event({ kind: 'note', text: 'in its bootloader' });
        return 'OK\r\n<BOOT MODE>';
      case 'sleep':
        // Class C listens all the time and does not sleep (manual, note on device:sleep).
        if (values[0] === '1' && modem.settings.deviceClass === 'A') state = 'asleep';
        if (state === 'asleep') port.event({ kind: 'note', text: 'asleep' });
        return values[0] === '1' ? 'OK Sleep' : 'OK Wake Up';
      case 'device':
        return `OK Board Core:${words.core}\r\nMCU:${words.mcu}\r\nLoRa chip:${words.chip}`;
      case 'baud':
        if (values[0] === '1') keep(port, { baud: values[1]! });
        if (values[0] === '1') port.event({ kind: 'note', text: `UART1 at ${values[1]} baud` });
        return 'OK';
      case 'dataMode':
        if (values[0] === '1') {
          keep(port, { dataMode: '1' });
          state = 'data';
          data = '';
        }
        return 'OK';
      case 'readPin':
        return 'OK 1';
      case 'readAdc':
        return 'OK 1663mV';
      case 'join':
        return p2p ? 'ERROR: 81' : radio.join();
      case 'send': {
        if (p2p) return 'ERROR: 81';
        const confirmed = kept.confirmed === '1';
        const [fPort = '1', bytes = ''] = values;
        return radio.send({ fPort: Number(fPort), bytes: hex(bytes), confirmed, tries: Number(kept.repeats) + 1 });
      }
      case 'joinEui':
        return words.wantsJoinEui && /^0+$/.test(values[0]!) ? 'ERROR: 2' : identify(name, values[0]!.toLowerCase());
      case 'devEui':
      case 'appKey':
      case 'devAddr':
      case 'appSKey':
      case 'nwkSKey':
        return identify(name, values[0]!.toLowerCase());
      case 'channels':
        return `OK ${channelLine(kept.region, new Set(kept.channelMask.split(',').filter(Boolean).map(Number)))}`;
      case 'channelMask': {
        const off = new Set(kept.channelMask.split(',').filter(Boolean));
        if (values[1] === '0') off.add(String(Number(values[0])));
        else off.delete(String(Number(values[0])));
        keep(port, { channelMask: [...off].join(',') });
        return 'OK';
      }
      case 'txPower':
        if (Number(values[0]) > (/^(?:US|AU)915/.test(kept.region) ? 14 : 7)) return 'ERROR: 82';
        keep(port, { txPower: values[0]! });
        return 'OK';
      case 'defaults': {
        if (kept.factory !== '') modem.identity = identityIn(kept.factory);
        const { multicastAddr, multicastAppSKey, multicastNwkSKey } = defaults;
        keep(port, { multicastAddr, multicastAppSKey, multicastNwkSKey });
        return 'OK';
      }
      case 'status':
        return `OK ${statusLines(kept, modem).join('\r\n')}`;
      case 'workMode':
        keep(port, { workMode: values[0]! });
        restart(port);
        return undefined;
      case 'p2p':
      case 'p2pTransfer':
        if (!p2p) return 'ERROR: 81';
        keep(port, { [name]: values.join(':') });
        return 'OK';
      case 'p2pSend':
        if (!p2p) return 'ERROR: 81';
        p2pBusy = true;
        port.wakeInMs(p2pSent, p2pAirtimeMs(kept.p2p, values[0]!));
        return undefined;
      default:
        if (name in defaults) keep(port, { [name]: values.join(':') });
        return 'OK';
    }
  };

  /** What refuses a value that the table does not take. */
  const wrong = (name: Name): string =>
    `ERROR: ${({ region: 89, dataRate: 84 } as Partial<Record<Name, number>>)[name] ?? 2}`;
  const needsRadio = (name: Name): boolean => name === 'join' || name === 'send' || name === 'p2pSend';

  const command = (line: string, port: TwinPort): string | undefined => {
    if (!line.startsWith('at+')) return 'ERROR: 1';
    const rest = line.slice(3);
    const found = rows.find(([, { word }]) => rest === word || rest.startsWith(`${word}:`));
    if (!found || /^(?:boot(?!$)|leaveBoot)/.test(found[0])) return 'ERROR: 1';
    const [name, row] = found;
    if (needsRadio(name) && (radio.busy || p2pBusy)) return 'ERROR: 80';
    if (!row.write) return rest === row.word ? run(name, [], port) : 'ERROR: 2';
    const tail = rest.slice(row.word.length + 1);
    const parts = rest === row.word ? [] : cutValues(tail, ':', row.write.length);
    return readValues(row.write, parts).ok ? run(name, parts, port) : wrong(name);
  };

  /** The text commands of the bootloader. */
  const boot = (line: string, port: TwinPort): void => {
    switch (line) {
      case 'at+version':
      case 'at+ver=?':
      case 'at+bootver=?':
        return print(port, `OK ${words.core} v3.3.0.17`);
      case 'at+bootstatus':
        return print(port, 'Boot Mode');
      case 'at+update':
        return print(port, 'Start firmware upgrade...');
      case 'at+run':
        print(port, 'Stop Boot Mode');
        return restart(port);
      case 'at+reset':
        return restart(port);
      default:
        return print(port, 'AT not support.');
    }
  };

  const leaveData = (port: TwinPort): void => {
    data = '';
    port.cancel(dataEnds);
    state = 'commands';
    keep(port, { dataMode: '0' });
    print(port, 'OK');
  };
  const sendData = (): void => {
    const bytes = Uint8Array.from(data, (letter) => letter.charCodeAt(0));
    data = '';
    if (bytes.length > 0 && kept.workMode === '0')
      radio.send({ fPort: dataPort, bytes, confirmed: kept.confirmed === '1', tries: Number(kept.repeats) + 1 }, true);
  };

  return {
    baud: () => baud,
    power(port) {
      if (kept.factory === '') kept.factory = identityText(modem.identity);
      start(port);
    },
    byte(byte, port) {
      switch (state) {
        case 'starting':
          return true;
        case 'asleep':
          // The edge wakes it; what came with it was not read.
          port.wakeInMs(awake, wakeMs);
          return true;
        case 'data':
          data += String.fromCharCode(byte);
          if (data === '+++') leaveData(port);
          else if (byte === 10 || data.length >= 255) sendData();
          else port.wakeInMs(dataEnds, dataPauseMs);
          return true;
        default:
          return false;
      }
    },
    line(text, port, end) {
      // Only LF sets it to work; CR ends the text.
      if (end === '\r') return void (held ??= text);
      const line = held ?? text;
      held = undefined;
      if (line === '') return;
      if (state === 'bootloader') return boot(line, port);
      const answer = command(line, port);
      if (answer !== undefined) print(port, answer);
      useSpeed();
    },
    modem(event, port) {
      if (state !== 'bootloader' && state !== 'starting') print(port, ...radio.news(event));
    },
    wake(slot, port) {
      if (slot === started) return bootText(port);
      if (slot === dataEnds) return sendData();
      if (slot === awake) {
        state = 'commands';
        return print(port, 'OK Wake Up');
      }
      p2pBusy = false;
      print(port, 'OK');
    },
  };
};
