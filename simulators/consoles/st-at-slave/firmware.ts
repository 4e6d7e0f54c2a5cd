import { table } from '../../../devices/consoles/st-at-slave/table.js';
import { toHex } from '../../../src/base/hex.js';
import { usPerMs, type Us } from '../../../src/base/time.js';
import { cutValues, readValues, type CommandRow } from '../../../src/console/dialect.js';
import type { ModemEvent } from '../../../src/sim/modem-types.js';
import type { Firmware, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { radioTest, type Test } from './radio-test.js';
import { storedOf } from './stored.js';
import { valuesOf, versions, type Name } from './values.js';

// The command words, longest first: the firmware looks for the first one that the line begins with.
const rows = Object.entries(table) as [Name, CommandRow][];
const words = [...rows].sort(([, a], [, b]) => b.word.length - a.word.length);

const mostLine = 539;
/** Letters that wait while a test runs. */
const mostWaiting = 8;
const bootMs = 50;
const certificationMs = 8_000;
/** Appointments. */
const slots = { boot: 0, test: 1, certification: 2 } as const;

const genericHelp = [
  'AT+<CMD>?        : Help on <CMD>',
  'AT+<CMD>         : Run <CMD>',
  'AT+<CMD>=<value> : Set the value',
  'AT+<CMD>=?       : Get the value',
];
const helpOf = ({ word, what }: CommandRow): string => `AT${word}: ${what}`;

type Downlink = ModemEvent & { readonly kind: 'downlink' };
type Link = ModemEvent & { readonly kind: 'link-checked' };

/** The firmware of ST's example, from its format strings. */
export const firmware = ({ modem, flash = {} }: TwinSetup): Firmware => {
  const stored = storedOf(modem, flash);
  const values = valuesOf(modem, stored);
  const radio = radioTest();
  const registers: Record<string, string> = {};
  let verbose = 2;
  let bootedUs: Us = 0;
  let starting = false;
  let line = '';
  let test: Test | undefined;
  let waiting = '';
  let confirming = false;
  let held: Downlink[] = [];
  let link: Link | undefined;

  const say = (port: TwinPort, text: string): void => port.print(`${text}\r\n`);
  const status = (port: TwinPort, word: string): void => port.print(`\r\n${word}\r\n`);
  /** Lines of tests show the time since the start: the form was read, that they have it in this firmware was not verified. */
  const timed =
    (port: TwinPort) =>
    (text: string): void => {
      const ms = Math.floor((port.nowUs - bootedUs) / usPerMs);
      say(port, `${Math.floor(ms / 1_000)}s${String(ms % 1_000).padStart(3, '0')}:${text}`);
    };

  const start = (port: TwinPort): void => {
    starting = false;
    bootedUs = port.nowUs;
    verbose = 2;
    line = waiting = '';
    port.event({ kind: 'note', text: 'started' });
    for (const one of versions) say(port, one);
    if (Object.keys(stored.flash).length > 0) say(port, 'NVM DATA RESTORED');
    say(port, 'ATtention command interface');
    say(port, 'AT? to list all available functions');
  };
  /** Restarts, and has no status to give. */
  const restart = (port: TwinPort): undefined => {
    modem.restart({ keepSession: stored.session });
    stored.restore();
    radio.stop();
    test = undefined;
    confirming = false;
    held = [];
    link = undefined;
    port.cancel(slots.test);
    port.cancel(slots.certification);
    starting = true;
    port.wakeInMs(slots.boot, bootMs);
    return undefined;
  };

  const heardLine = (heard: Pick<Downlink, 'window' | 'fPort' | 'dataRate' | 'rssiDbm' | 'snrDb'>): string => {
    const slot = { rx1: '1', rx2: '2', rxc: 'C' }[heard.window];
    const level = `RSSI ${Math.round(heard.rssiDbm)}, SNR ${Math.round(heard.snrDb)}`;
    const checked = link ? `, DMODM ${link.marginDb}, GWN ${link.gateways}` : '';
    link = undefined;
    return `+EVT:RX_${slot}, PORT ${heard.fPort}, DR ${heard.dataRate}, ${level}${checked}`;
  };
  const tellDownlink = (event: Downlink, port: TwinPort): void => {
    const length = event.bytes.length.toString(16).padStart(2, '0').toUpperCase();
    if (event.bytes.length > 0) say(port, `+EVT:${event.fPort}:${length}:${toHex(event.bytes).toUpperCase()}`);
    say(port, heardLine(event));
  };
  /** The uplink is over: the acknowledgement first, then what came with it. */
  const finish = (acknowledged: boolean, port: TwinPort): void => {
    confirming = false;
    if (acknowledged) say(port, '+EVT:SEND_CONFIRMED');
    for (const one of held.splice(0)) tellDownlink(one, port);
    if (!link) return;
    // The answer came without a payload: which window it was in the modem does not tell.
    const { rssiDbm, snrDb } = modem.lastHeard ?? { rssiDbm: 0, snrDb: 0 };
    say(port, heardLine({ window: 'rx1', fPort: 0, dataRate: modem.settings.dataRate, rssiDbm, snrDb }));
  };

  const goOn = (port: TwinPort): void => {
    if (!test) return;
    const turn = test.next();
    if (!turn.done) return port.wakeInMs(slots.test, turn.value);
    test = undefined;
    status(port, turn.value);
    const rest = waiting;
    waiting = '';
    // More than fits into the buffer is thrown away, all of it.
    if (rest.length > mostWaiting) return status(port, 'AT_TEST_PARAM_OVERFLOW');
    for (const letter of rest) take(letter, port);
  };
  const begin = (what: Test, port: TwinPort): undefined => {
    test = what;
    goOn(port);
    return undefined;
  };

  /** The status word; nothing when it comes later, or never. */
  const run = (name: Name, port: TwinPort): string | undefined => {
    switch (name) {
      case 'restart':
        return restart(port);
      case 'factory':
        stored.erase();
        port.event({ kind: 'flash', flash: {} });
        return restart(port);
      case 'store': {
        const changed = stored.store();
        if (changed) port.event({ kind: 'flash', flash: stored.flash });
        say(port, changed ? 'NVM DATA STORED' : 'NVM DATA UP TO DATE');
        return 'OK';
      }
      case 'linkCheck':
        modem.ask('link-check');
        return 'OK';
      case 'testTone':
        return radio.tone(timed(port)) ? 'OK' : 'AT_BUSY_ERROR';
      case 'testRssi':
        return begin(radio.level(timed(port)), port);
      case 'testOff':
        radio.stop();
        say(port, 'Test Stop');
        return 'OK';
      default:
        return 'OK';
    }
  };

  const write = (name: Name, parts: readonly unknown[], port: TwinPort): string | undefined => {
    const [first] = parts;
    switch (name) {
      case 'verbose':
        verbose = first as number;
        return 'OK';
      case 'testConfig':
        radio.configure(first as string);
        return 'OK';
      case 'testTx':
        return begin(radio.transmit(first as number, timed(port)), port);
      case 'testRx':
        return begin(radio.receive(first as number, timed(port)), port);
      case 'testHop':
        return begin(radio.hop(first as string, timed(port)), port);
      case 'writeRegister':
        registers[first as string] = parts[1] as string;
        return 'OK';
      case 'readRegister':
        // No line end of its own.
        port.print(`REG 0x${(first as string).toUpperCase()}=0x${(registers[first as string] ?? '00').toUpperCase()}`);
        return 'OK';
      case 'certification':
        modem.settings.activation = first === 1 ? 'otaa' : 'abp';
        modem.join();
        port.wakeInMs(slots.certification, certificationMs);
        return 'OK';
      default: {
        const word = values.write(name, parts, (text) => say(port, text));
        if (name === 'send' && word === 'OK') confirming = parts[1] as boolean;
        return word;
      }
    }
  };

  const ask = (name: Name, port: TwinPort): string => {
    if (name === 'testConfig') for (const one of radio.lines) say(port, one);
    if (name === 'testConfig') return 'OK';
    const value = name === 'verbose' ? String(verbose) : values.answer(name, port.nowUs - bootedUs);
    if (value === undefined) return 'AT_ERROR';
    say(port, value);
    return 'OK';
  };

  /** The status word of a line. */
  const obey = (text: string, port: TwinPort): string | undefined => {
    if (!text.startsWith('AT')) return 'AT_ERROR';
    const rest = text.slice(2);
    if (rest.startsWith('?')) {
      for (const one of [...genericHelp, ...rows.filter(([name]) => name !== 'at').map(([, row]) => helpOf(row))])
        say(port, one);
      return 'OK';
    }
    const found = words.find(([, row]) => rest.startsWith(row.word) && (row.word !== '' || rest === ''));
    if (!found) return 'AT_ERROR';
    const [name, row] = found;
    const tail = rest.slice(row.word.length);
    if (tail.startsWith('?')) {
      say(port, helpOf(row));
      return 'OK';
    }
    if (tail === '=?') return row.read ? ask(name, port) : 'AT_ERROR';
    if (tail.startsWith('=')) {
      if (!row.write) return 'AT_ERROR';
      const parts = cutValues(tail.slice(1), ':', row.write.length);
      const read = readValues(row.write, parts);
      return read.ok ? write(name, read.value, port) : 'AT_PARAM_ERROR';
    }
    return tail !== '' || !row.run ? 'AT_ERROR' : run(name, port);
  };

  const take = (letter: string, port: TwinPort): void => {
    if (test) return void (waiting.length <= mostWaiting && (waiting += letter));
    if (letter === '\r' || letter === '\n') {
      // A backspace takes itself and the letter before it away.
      let text = line;
      while (text.includes('\b')) text = text.replace(/.?\x08/s, '');
      line = '';
      if (text === '') return;
      const word = obey(text, port);
      return word === undefined ? undefined : status(port, word);
    }
    if (line.length === mostLine) {
      line = '';
      status(port, 'AT_TEST_PARAM_OVERFLOW');
    }
    line += letter;
  };

  return {
    power(port) {
      stored.restore();
      start(port);
    },
    byte(byte, port) {
      if (!starting) take(String.fromCharCode(byte), port);
      return true;
    },
    line: () => undefined,
    modem(event, port) {
      switch (event.kind) {
        case 'joined':
          return say(port, '+EVT:JOINED');
        case 'join-failed':
          return say(port, '+EVT:JOIN FAILED');
        case 'sent':
          return finish(false, port);
        case 'delivered':
          return finish(event.acknowledged, port);
        case 'link-checked':
          link = event;
          return;
        case 'downlink':
          if (confirming) held.push(event);
          else tellDownlink(event, port);
          return;
        default:
          return;
      }
    },
    wake(slot, port) {
      switch (slot) {
        case slots.boot:
          return start(port);
        case slots.test:
          return goOn(port);
        case slots.certification:
          // Until it has joined it is tried again.
          if (!modem.joined) port.wakeInMs(slots.certification, certificationMs);
          else modem.send({ fPort: 99, bytes: Uint8Array.of(0x43), confirmed: false });
          return;
      }
    },
  };
};
