import { hex } from '../../../src/base/hex.js';
import type { Firmware, Flash, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { chipIdOf, licenceOf } from '../heltec/licence.js';
import { keyLine } from '../heltec/log.js';
import { radioOf } from './radio.js';
import {
  digits,
  hidden,
  keyChange,
  keySizes,
  loraInitial,
  loraLine,
  readLora,
  settings,
  sketchKeys,
} from './settings.js';

const bootSlot = 0;
const bootMs = 200;
/** The buffer for a payload of the examples. */
const mostData = 64;
const woken = 'ASR is Waked,LowPower Mode Stopped\r\n';

/** What a command that only takes 1 says to anything else. Only the first sentence is documented. */
const triggers: Readonly<Record<string, string>> = {
  Join: 'Joining network',
  LPM: 'enter LowPower Mode',
  RESET: 'reset the board',
  DefaultSet: 'restore the default settings',
  DelCDKEY: 'delete the CDKEY',
};
const wanOnly: ReadonlySet<string> = new Set(['Join', 'Busy', ...Object.keys(keySizes)]);
const loraOnly: ReadonlySet<string> = new Set(['LoraSet', 'RX']);

/** The example sketch that obeys AT commands and does nothing else. */
export const firmware = ({ modem, serial, flash = {} }: TwinSetup): Firmware => {
  let kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(flash)) kept[name] = String(value);
  let lora = readLora(`${kept['LoraSet'] ?? ''},1`)?.[0] ?? loraInitial;
  let asleep = false;
  let booting = false;

  const setting = (name: string): string => kept[name] ?? settings[name]!.initial;
  const isOn = (name: string): boolean => setting(name) === '1';
  const licence = (): string => kept['CDKEY'] ?? licenceOf(serial);
  const radio = radioOf(modem, {
    period: () => Number(setting('DutyCycle')),
    rest: () => void (asleep = isOn('AutoLPM')),
  });

  const keep = (name: string, value: string, port: TwinPort): void => {
    kept = { ...kept, [name]: value };
    port.event({ kind: 'flash', flash: kept as Flash });
  };
  const error = (port: TwinPort, text: string): void => port.print(`+ERROR: ${text}\r\n`);
  const agree = (port: TwinPort, ...lines: readonly string[]): void => port.print(['+OK', ...lines, ''].join('\r\n'));

  /** The settings that are the MAC's as well. */
  const apply = (): void => {
    modem.settings.activation = isOn('OTAA') ? 'otaa' : 'abp';
    modem.settings.deviceClass = setting('Class') as 'A' | 'C';
    modem.settings.adr = isOn('ADR');
    // With ADR it is the network's.
    if (!isOn('ADR')) modem.settings.dataRate = Number(setting('SetDR'));
  };

  const start = (port: TwinPort): void => {
    booting = false;
    if (isOn('Copyright')) port.print('Copyright @2019-2020 Heltec Automation.All rights reserved.\r\n');
    const plain = Object.keys(settings)
      .filter((name) => !hidden.has(name))
      .map((name) => `+${name}=${setting(name)}`);
    const keys = Object.values(keyLine).map((line) => line(modem));
    port.print(['AT Rev 1.3', ...plain, ...keys, ''].join('\r\n'));
    if (isOn('LORAWAN')) {
      if (isOn('KeepNet') && modem.joined) port.print('Use reserved Net\r\n');
      port.print(`LoRaWAN EU868 Class ${setting('Class')} start!\r\n`);
    }
    apply();
    asleep = isOn('AutoLPM');
    port.event({ kind: 'note', text: asleep ? 'started, asleep' : 'started' });
  };
  const restart = (port: TwinPort): void => {
    radio.forget(port);
    modem.restart({ keepSession: isOn('KeepNet') });
    booting = true;
    port.wakeInMs(bootSlot, bootMs);
  };

  const trigger = (name: string, port: TwinPort): void => {
    switch (name) {
      case 'Join':
        agree(port);
        return radio.join(isOn('OTAA'), port);
      case 'LPM':
        agree(port, 'LowPower Mode Started');
        asleep = true;
        return port.event({ kind: 'note', text: 'asleep' });
      case 'DelCDKEY':
        keep('CDKEY', '0'.repeat(32), port);
        return agree(port);
      case 'DefaultSet':
        kept = kept['CDKEY'] === undefined ? {} : { CDKEY: kept['CDKEY'] };
        lora = loraInitial;
        modem.identity = sketchKeys;
        port.event({ kind: 'flash', flash: kept });
        agree(port);
        return restart(port);
      default:
        agree(port);
        return restart(port);
    }
  };

  const send = (name: string, text: string, port: TwinPort): void => {
    const asHex = name === 'SendHex';
    if (asHex && !/^[0-9A-Fa-f]*$/.test(text)) return error(port, `${name} input should be hexadecimal`);
    if (asHex && text.length % 2 !== 0) return error(port, `${name} length should be Even`);
    const size = asHex ? text.length / 2 : text.length;
    if (size === 0) return error(port, 'error input format');
    if (size > mostData) return error(port, `${name} max data length is ${mostData} bytes`);
    if (isOn('LORAWAN') && !modem.joined) return error(port, 'the node have not joined a network');
    agree(port, asHex ? `+Send Hex Data:${text}` : `+Send String:${text}`);
    if (!isOn('LORAWAN')) return radio.sendLora(size, lora, port);
    const bytes = asHex ? hex(text) : Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
    const tries = Number(setting('ConfirmedNbTrials'));
    return radio.send({ fPort: Number(setting('AppPort')), bytes, confirmed: isOn('IsTxConfirmed'), tries }, port);
  };

  const give = (name: string, value: string, port: TwinPort): void => {
    if (name === 'SendHex' || name === 'SendStr') return send(name, value, port);
    if (keySizes[name] !== undefined) {
      const wrong = digits(keySizes[name])(name, value);
      if (wrong !== undefined) return error(port, wrong);
      modem.identity = { ...modem.identity, ...keyChange(name, value) };
      return agree(port, keyLine[name as keyof typeof keyLine](modem));
    }
    if (name === 'CDKEY') {
      if (value.toUpperCase() !== licenceOf(serial)) return error(port, 'please input correct CDKEY.');
      keep('CDKEY', value.toUpperCase(), port);
      return agree(port, 'The board is activated, Arduino is supported!');
    }
    if (name === 'LoraSet') {
      const read = readLora(value);
      if (!read) return error(port, 'error input format');
      lora = read[0];
      if (read[1]) keep('LoraSet', Object.values(lora).join(','), port);
      return agree(port, loraLine(lora));
    }
    if (!settings[name]) return error(port, 'error input format');
    const wrong = settings[name].error(name, value);
    if (wrong !== undefined) return error(port, wrong);
    keep(name, value.toUpperCase(), port);
    apply();
    agree(port, `+${name}=${setting(name)}`);
    if (name === 'RX') radio.receiveLora(Number(value), port);
  };

  const answer = (name: string, port: TwinPort): void => {
    if (name === 'ChipID') return port.print(`+ChipID:${chipIdOf(serial)}\r\n`);
    if (name === 'Busy') return port.print(`+Busy=${radio.busy ? 1 : 0}\r\n`);
    if (keySizes[name] !== undefined) return agree(port, keyLine[name as keyof typeof keyLine](modem));
    if (name === 'CDKEY') return agree(port, `+CDKEY=${licence()}`);
    if (name === 'LoraSet') return agree(port, loraLine(lora));
    if (settings[name]) return agree(port, `+${name}=${setting(name)}`);
    return error(port, 'error input format');
  };

  const names: ReadonlySet<string> = new Set([
    ...Object.keys(settings),
    ...Object.keys(triggers),
    ...wanOnly,
    ...loraOnly,
    ...['SendHex', 'SendStr', 'ChipID', 'CDKEY'],
  ]);

  return {
    power: start,
    line(text, port) {
      if (booting) return;
      if (asleep) {
        // What woke it was not read.
        asleep = false;
        return port.print(woken);
      }
      const cut = /^AT\+(\w+)=([\s\S]*)$/.exec(text === 'AT+Busy' ? 'AT+Busy=?' : text);
      if (!cut) return error(port, 'error input format');
      const name = cut[1]!;
      const value = cut[2]!;
      if (!names.has(name)) return error(port, 'the command is not supported');
      if (!isOn('LORAWAN') && (wanOnly.has(name) || settings[name]?.wan))
        return error(port, `${name} is for LoRaWan Mode, "AT+LORAWAN=1" switch to LoRaWan Mode`);
      if (isOn('LORAWAN') && loraOnly.has(name))
        return error(port, `${name} is for LoRa Mode, "AT+LORAWAN=0" switch to LoRa Mode`);
      if (triggers[name] !== undefined)
        return value === '1' ? trigger(name, port) : error(port, `Use "AT+${name}=1" to ${triggers[name]}`);
      if (value === '?') return answer(name, port);
      give(name, value, port);
    },
    modem: (event, port) => radio.modem(event, port),
    wake: (slot, port) => (slot === bootSlot ? start(port) : radio.wake(slot, port)),
  };
};
