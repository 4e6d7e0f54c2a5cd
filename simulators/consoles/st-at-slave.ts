import { hex, toHex } from '../../src/base/hex.js';
import { cutValues, readValues, type CommandRow } from '../../src/console/dialect.js';
import type { Modem, ModemRefusal } from '../../src/sim/modem-types.js';
import {
  defineTwin,
  twinMachine,
  type Firmware,
  type Flash,
  type TwinPort,
  type TwinSetup,
} from '../../src/sim/twin.js';
import { bands, table } from '../../devices/consoles/st-at-slave.js';

type Name = keyof typeof table;

const colons = (hex: string): string => (hex.toUpperCase().match(/../g) ?? []).join(':');
const hexOfAddress = (devAddr: number): string => devAddr.toString(16).padStart(8, '0');

/** What the firmware prints for its versions; numbers are those of the release that was read. */
const versions = [
  'APPLICATION_VERSION: V1.3.0',
  'MW_LORAWAN_VERSION:  V2.5.0',
  'MW_RADIO_VERSION:    V1.3.0',
  'L2_SPEC_VERSION:     V1.0.4',
  'RP_SPEC_VERSION:     V2-1.0.1',
];

// The command words, longest first: the firmware looks for the first one that the line begins with.
const words = (Object.entries(table) as [Name, CommandRow][]).sort(([, a], [, b]) => b.word.length - a.word.length);

const refusalWord = (refusal: ModemRefusal): string => {
  switch (refusal.kind) {
    case 'busy':
      return 'AT_BUSY_ERROR';
    case 'not-joined':
      return 'AT_NO_NETWORK_JOINED';
    case 'too-long':
      return 'AT_PARAM_ERROR';
    case 'wait':
      return 'AT_DUTYCYCLE_RESTRICTED';
    default:
      return 'AT_ERROR';
  }
};

const firmware = ({ modem, flash = {} }: TwinSetup): Firmware => {
  let kept: Record<string, string | number | boolean> = { ...flash };
  /** Plain settings that change nothing of the radio, with what they are when new. */
  let settings: Record<string, string> = {};
  const plain: Partial<Record<Name, string>> = {
    verbose: '2',
    networkId: '0',
    band: '5',
    pingSlot: '4',
    testConfig: '868000000:14:4:12:4/5:0:0:1:16:25000:2:3',
  };

  const status = (port: TwinPort, word: string): void => port.print(`\r\n${word}\r\n`);
  const setting = (name: Name): string => settings[name] ?? plain[name] ?? '0';

  /** The value of a question, or undefined when it has none. */
  const answerTo = (name: Name): string | undefined => {
    const { identity: id, settings: mac } = modem;
    switch (name) {
      case 'version':
        return versions.join('\r\n');
      case 'devEui':
        return colons(id.devEui);
      case 'joinEui':
        return colons(id.joinEui);
      case 'appKey':
      case 'nwkKey':
        return colons(toHex(id.appKey));
      case 'nwkSKey':
        return colons(toHex(id.nwkSKey));
      case 'appSKey':
        return colons(toHex(id.appSKey));
      case 'devAddr':
        return colons(hexOfAddress(modem.devAddr ?? id.devAddr));
      case 'band':
        return `${setting('band')}:${bands[Number(setting('band'))]}`;
      case 'adr':
        return mac.adr ? '1' : '0';
      case 'dataRate':
        return String(mac.dataRate);
      case 'deviceClass':
        return mac.deviceClass;
      case 'dutyCycle':
        return mac.dutyCycle ? '1' : '0';
      case 'joinDelay1':
        return String(mac.joinAcceptDelay1S * 1000);
      case 'joinDelay2':
        return String(mac.joinAcceptDelay1S * 1000 + 1000);
      case 'rxDelay1':
        return String(mac.rx1DelayS * 1000);
      case 'rxDelay2':
        return String(mac.rx1DelayS * 1000 + 1000);
      case 'rx2DataRate':
        return String(mac.rx2DataRate);
      case 'rx2Hz':
        return String(mac.rx2Hz);
      case 'txPower':
        return String(mac.txPower);
      case 'localTime':
        return 'LTIME:00h00m00s on 01/01/1970';
      case 'battery':
        return '3300';
      default:
        return plain[name] === undefined ? undefined : setting(name);
    }
  };

  const keyed = (modemNow: Modem, change: Partial<Modem['identity']>): string => {
    modemNow.identity = { ...modemNow.identity, ...change };
    return 'OK';
  };
  const verdict = (refusal: ModemRefusal | undefined): string => (refusal ? refusalWord(refusal) : 'OK');

  /** Does what a value asks; gives the status word. */
  const write = (name: Name, values: readonly unknown[]): string => {
    const [first] = values;
    const mac = modem.settings;
    switch (name) {
      case 'devEui':
      case 'joinEui':
        return keyed(modem, { [name]: first as string });
      case 'appKey':
      case 'nwkKey':
        return keyed(modem, { appKey: hex(first as string) });
      case 'nwkSKey':
      case 'appSKey':
        return keyed(modem, { [name]: hex(first as string) });
      case 'devAddr':
        return keyed(modem, { devAddr: parseInt(first as string, 16) });
      case 'join':
        mac.activation = first === 1 ? 'otaa' : 'abp';
        return verdict(modem.join());
      case 'send':
        return verdict(
          modem.send({ fPort: first as number, confirmed: values[1] as boolean, bytes: hex(values[2] as string) }),
        );
      case 'adr':
      case 'dutyCycle':
        mac[name] = first as boolean;
        return 'OK';
      case 'dataRate':
      case 'txPower':
      case 'rx2DataRate':
      case 'rx2Hz':
        mac[name] = first as number;
        return 'OK';
      case 'deviceClass':
        if (first === 'B') return 'AT_NO_CLASS_B_ENABLE';
        mac.deviceClass = first as 'A' | 'C';
        return 'OK';
      case 'rxDelay1':
        mac.rx1DelayS = Math.max(1, Math.round((first as number) / 1000));
        return 'OK';
      case 'joinDelay1':
        mac.joinAcceptDelay1S = Math.max(1, Math.round((first as number) / 1000));
        return 'OK';
      default:
        if (plain[name] === undefined) return 'OK';
        settings[name] = String(first);
        return 'OK';
    }
  };

  const boot = (port: TwinPort, how: { readonly factory: boolean }): void => {
    if (how.factory) kept = {};
    settings = { ...(kept as Record<string, string>) };
    port.event({ kind: 'note', text: how.factory ? 'factory settings' : 'started' });
  };

  const run = (name: Name, port: TwinPort): string | undefined => {
    switch (name) {
      case 'restart':
        modem.restart({ keepSession: false });
        boot(port, { factory: false });
        return undefined;
      case 'factory':
        modem.restart({ keepSession: false });
        boot(port, { factory: true });
        port.event({ kind: 'flash', flash: {} });
        return 'OK';
      case 'store': {
        const same = JSON.stringify(kept) === JSON.stringify(settings);
        port.print(same ? 'NVM DATA UP TO DATE\r\n' : 'NVM DATA STORED\r\n');
        kept = { ...settings };
        port.event({ kind: 'flash', flash: kept as Flash });
        return 'OK';
      }
      case 'linkCheck':
        modem.ask('link-check');
        return 'OK';
      default:
        return 'OK';
    }
  };

  return {
    power: (port) => boot(port, { factory: false }),
    line(line, port) {
      if (line === '') return;
      if (!line.startsWith('AT')) return status(port, 'AT_ERROR');
      const rest = line.slice(2);
      const found = words.find(([, row]) => rest.startsWith(row.word) && (row.word !== '' || rest === ''));
      if (!found) return status(port, 'AT_ERROR');
      const [name, row] = found;
      const tail = rest.slice(row.word.length);
      if (tail === '?') {
        port.print(`AT${row.word}: ${row.what}\r\n`);
        return status(port, 'OK');
      }
      if (tail === '=?') {
        const value = row.read && answerTo(name);
        if (value === undefined) return status(port, 'AT_ERROR');
        port.print(`${value}\r\n`);
        return status(port, 'OK');
      }
      if (tail.startsWith('=')) {
        if (!row.write) return status(port, 'AT_ERROR');
        const text = tail.slice(1);
        const parts = name === 'send' ? cutValues(text, ':', 3) : [text];
        const values = readValues(row.write, parts);
        return status(port, values.ok ? write(name, values.value) : 'AT_PARAM_ERROR');
      }
      if (tail !== '' || !row.run) return status(port, 'AT_ERROR');
      const word = run(name, port);
      if (word !== undefined) status(port, word);
    },
    modem(event, port) {
      switch (event.kind) {
        case 'joined':
          return port.print('+EVT:JOINED\r\n');
        case 'join-failed':
          return port.print('+EVT:JOIN FAILED\r\n');
        case 'delivered':
          if (event.acknowledged) port.print('+EVT:SEND_CONFIRMED\r\n');
          return;
        case 'downlink': {
          const length = event.bytes.length.toString(16).padStart(2, '0').toUpperCase();
          port.print(`+EVT:${event.fPort}:${length}:${toHex(event.bytes).toUpperCase()}\r\n`);
          const window = { rx1: 'RX_1', rx2: 'RX_2', rxc: 'RX_C' }[event.window];
          const level = `RSSI ${Math.round(event.rssiDbm)}, SNR ${Math.round(event.snrDb)}`;
          return port.print(`+EVT:${window}, PORT ${event.fPort}, DR ${event.dataRate}, ${level}\r\n`);
        }
        default:
          return;
      }
    },
    wake: () => undefined,
  };
};

export default defineTwin({
  id: 'st-at-slave',
  source: 'STMicroelectronics/STM32CubeWL @406f7a2, LoRaWAN_AT_Slave',
  boards: ['st-nucleo-wl55jc'],
  baud: 9_600,
  profile: { lorawan: '1.0.4', joinDataRates: [0], dataRate: 0, confirmedTries: 8, eirpDbm: 14 },
  open: (setup) => twinMachine(firmware(setup), { mostLine: 520 }),
});
