import { readApiFrame, toTextMode, writeApiFrame } from '../../../devices/consoles/rak-rui3/api-frame.js';
import { toHex } from '../../../src/base/hex.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import { bootloaderLine } from './bootloader.js';
import { command } from './commands.js';
import { send } from './lorawan.js';
import { slot, type Unit } from './unit.js';

const mostLine = 2_048;
/** Of a locked port: so many characters are echoed and compared. */
const mostLocked = 9;
const frameMs = 3_000;
/** What comes together in data mode is one payload. */
const pauseMs = 100;
const backspace = 8;
const del = 127;
const escape = 27;

const isEnd = (byte: number): boolean => byte === 13 || byte === 10;
const letter = (byte: number): string => String.fromCharCode(byte);

/** What the firmware does with every byte that comes. */
export interface Input {
  byte(byte: number, port: TwinPort): void;
  /** The pause that ends a payload, the time that a frame may take. */
  paused(port: TwinPort): void;
  frameTimeout(): void;
  clear(): void;
}

export const openInput = (unit: Unit): Input => {
  const { store } = unit;
  let line = '';
  let typed = 0;
  let escaped: '' | 'esc' | 'bracket' = '';
  let bytes: number[] = [];
  let recent = '';
  let afterCr = false;

  const text = (byte: number, port: TwinPort): void => {
    const echo = store.get('echo') === '1' && unit.run.at === 'firmware';
    if (isEnd(byte)) {
      const whole = line;
      line = '';
      if (whole === '') return;
      if (unit.run.at === 'bootloader') return bootloaderLine(unit, whole, port);
      if (echo) port.print('\n\r');
      return command(unit, whole, port);
    }
    if (byte === backspace || byte === del) {
      if (line !== '') port.print('\b \b');
      line = line.slice(0, -1);
      return;
    }
    // Arrow keys: there is no history.
    if (byte === escape) return void (escaped = 'esc');
    const before = escaped;
    escaped = before === 'esc' && byte === 0x5b ? 'bracket' : '';
    if (escaped !== '' || (before === 'bracket' && (byte === 0x41 || byte === 0x42))) return;
    if (line.length >= mostLine) return;
    line += letter(byte);
    if (echo) port.print(letter(byte));
  };

  const locked = (byte: number, port: TwinPort): void => {
    if (byte === backspace || byte === del) {
      if (line === '') return;
      line = line.slice(0, -1);
      typed--;
      return;
    }
    if (!isEnd(byte)) {
      typed++;
      if (line.length >= mostLocked) return;
      line += letter(byte);
      return port.print(letter(byte));
    }
    if (typed === 0) return;
    const [whole, length] = [line, typed];
    line = '';
    typed = 0;
    port.print('\r\n');
    // Both texts are written one byte too long: the zero that ends them goes out as well.
    if (length === mostLocked && whole.toUpperCase() === 'AT+LOCK=?') return port.print('AT+LOCK=locked\r\nOK\r\n\0');
    if (length === whole.length && whole === store.get('password')) return store.set('locked', '0', port);
    port.print('COMMAND_LOCKED\r\n\0');
  };

  const toText = (port: TwinPort): void => {
    if (store.get('portMode') !== 'at') store.set('portMode', 'at', port);
    unit.run.port = 'text';
    bytes = [];
    line = '';
    port.cancel(slot.frame);
    port.cancel(slot.pause);
    port.print('\r\n');
  };

  const binary = (port: TwinPort): void => {
    port.wakeInMs(slot.frame, frameMs);
    for (;;) {
      const found = readApiFrame(Uint8Array.from(bytes));
      if (!found) return;
      bytes = bytes.slice('noise' in found ? found.noise : found.length);
      if ('noise' in found) continue;
      const { frame } = found;
      const leaves = frame.type === toTextMode.type && toHex(frame.payload) === toHex(toTextMode.payload);
      if (leaves) return toText(port);
      // What the frames of an application say is its own business: each is answered, with nothing in it.
      if (frame.flag !== 1)
        port.print(String.fromCharCode(...writeApiFrame({ ...frame, flag: 1, payload: new Uint8Array() })));
    }
  };

  /** Two commands are understood in every mode. */
  const smallRecogniser = (byte: number, port: TwinPort): boolean => {
    if (byte !== 13) {
      recent = (recent + letter(byte)).slice(-7).toUpperCase();
      return false;
    }
    const what = recent;
    recent = '';
    if (what.endsWith('AT+ATM')) toText(port);
    else if (what === 'AT+BOOT') unit.restart(port, 'bootloader');
    else return false;
    return true;
  };

  return {
    byte(byte, port) {
      const { run } = unit;
      // CR LF ends one line: its second half is no payload of the mode that the first half began.
      const isRest = afterCr && byte === 10;
      afterCr = byte === 13 && run.port === 'text';
      if (run.at === 'starting' || isRest) return;
      if (run.asleep !== 'no') {
        // What wakes it is not read; a sleep with a time lasts that long.
        if (run.asleep === 'until-byte') run.asleep = 'no';
        return;
      }
      if (run.at === 'bootloader') return text(byte, port);
      if (store.get('locked') === '1') return locked(byte, port);
      if (run.port === 'text') return text(byte, port);
      if (smallRecogniser(byte, port)) return;
      if (bytes.length < mostLine) bytes.push(byte);
      if (run.port === 'binary') binary(port);
      else port.wakeInMs(slot.pause, pauseMs);
    },
    paused(port) {
      const payload = toHex(Uint8Array.from(bytes));
      bytes = [];
      if (payload === toHex(Uint8Array.from([...'+++'], (one) => one.charCodeAt(0)))) return toText(port);
      if (payload !== '')
        send(
          unit,
          { fPort: Number(store.get('dataMode')), hex: payload, confirmed: store.get('confirm') === '1' },
          port,
        );
    },
    frameTimeout: () => void (bytes = []),
    clear() {
      line = '';
      typed = 0;
      bytes = [];
      recent = '';
      escaped = '';
    },
  };
};
