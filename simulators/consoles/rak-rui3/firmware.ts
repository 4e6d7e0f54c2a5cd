import type { CommandTable } from '../../../src/console/dialect.js';
import { toHex } from '../../../src/base/hex.js';
import type { LineSettings } from '../../../src/base/machine.js';
import type { ModemEvent } from '../../../src/sim/modem-types.js';
import type { Firmware, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { askForBlock } from './bootloader.js';
import { wordsOf } from './commands.js';
import type { BoardFacts } from './facts.js';
import { openInput } from './input.js';
import { frameSent, windowOver } from './p2p.js';
import { packetSent } from './rf-test.js';
import { openStore } from './store.js';
import { inLorawan, newRun, slot, speaks, tell, type Unit } from './unit.js';

const modeNames: Readonly<Record<string, string>> = { 0: 'LoRa P2P', 1: 'LoRaWAN', 2: 'FSK' };
const dyingMs = 20;
const startMs = 300;
const bootloaderBaud = 115_200;
/** Away from the bus, and then some time until its firmware talks. */
const awayMs = 700;

/** What a firmware of this family is made of. */
export interface Make {
  readonly facts: BoardFacts;
  /** What it knows, of the names of RUI3's table. */
  readonly table: CommandTable;
  /** Lines before the one that tells its mode when it starts. */
  readonly banner: readonly string[];
  /** Whether `AT?` and `AT+XXX?` explain themselves. */
  readonly help: boolean;
}

/** The firmware of a board that talks like RUI3. */
export const openFirmware = (setup: TwinSetup, { facts, table, banner, help }: Make): Firmware & { baud(): number } => {
  const { modem } = setup;
  const store = openStore(setup);
  let into: 'firmware' | 'bootloader' = 'firmware';
  let dying = false;
  let baud = Number(store.get('baud'));
  const unit: Unit = {
    modem,
    store,
    serial: setup.serial,
    facts,
    words: wordsOf(table),
    help,
    run: newRun('starting'),
    restart(port, where) {
      into = where;
      dying = true;
      unit.run = newRun('starting');
      for (const one of Object.values(slot)) port.cancel(one);
      // What was printed leaves the port before the chip does.
      port.wakeInMs(slot.start, dyingMs);
    },
  };
  const input = openInput(unit);

  const power = (port: TwinPort): void => {
    modem.restart({ keepSession: false });
    port.wakeInMs(slot.start, startMs);
  };
  const reset = (port: TwinPort): void => {
    dying = false;
    input.clear();
    modem.restart({ keepSession: false });
    if (unit.facts.usb) port.reopen(awayMs);
    port.wakeInMs(slot.start, startMs + (unit.facts.usb ? awayMs : 0));
  };
  const started = (port: TwinPort): void => {
    // What was set counts from the next start on; the bootloader has one speed.
    baud = into === 'bootloader' ? bootloaderBaud : Number(store.get('baud'));
    if (into === 'bootloader') {
      unit.run = newRun('bootloader');
      port.event({ kind: 'note', text: 'in the bootloader' });
      return port.print('<BOOT MODE>\r\n');
    }
    unit.run = newRun('firmware', store.get('portMode') === 'binary' ? 'binary' : 'text');
    store.start();
    const mode = modeNames[store.get('mode')] ?? 'LoRaWAN';
    const lines = ['', ...banner, `Current Work Mode: ${mode}.`];
    if (speaks(unit)) port.print(lines.map((line) => `${line}\r\n`).join(''));
    port.event({ kind: 'note', text: `started in ${mode} mode` });
    if (inLorawan(unit) && store.get('join').split(':')[1] === '1') retry(port);
  };
  const retry = (port: TwinPort): void => {
    const period = Number(store.get('join').split(':')[2]);
    if (modem.join()) port.wakeInMs(slot.retry, period * 1000);
  };
  const joinFailed = (port: TwinPort): void => {
    tell(unit, port, '+EVT:JOIN_FAILED_RX_TIMEOUT');
    if (unit.run.retriesLeft-- <= 0) return void (unit.run.retriesLeft = 0);
    port.wakeInMs(slot.retry, Number(store.get('join').split(':')[2]) * 1000);
  };

  const onDownlink = (event: ModemEvent & { kind: 'downlink' }, port: TwinPort): void => {
    if (event.fPort === 0 || event.bytes.length === 0) return;
    const { fPort, rssiDbm, snrDb, window } = event;
    const hex = toHex(event.bytes);
    unit.run.received = { fPort, hex };
    const level = `${Math.round(rssiDbm)}:${Math.round(snrDb)}`;
    if (store.get('debug') === '1') {
      tell(unit, port, `Rssi:${Math.round(rssiDbm)}`);
      tell(unit, port, `Snr:${Math.round(snrDb)}`);
    }
    tell(unit, port, `+EVT:RX_${{ rx1: '1', rx2: '2', rxc: 'C' }[window]}:${level}:UNICAST:${fPort}:${hex}`);
  };

  const onModem = (event: ModemEvent, port: TwinPort): void => {
    const { run } = unit;
    switch (event.kind) {
      case 'joined':
        run.retriesLeft = 0;
        port.cancel(slot.retry);
        // ABP begins without a word.
        if (store.get('joinMode') === '1') tell(unit, port, '+EVT:JOINED');
        return;
      case 'join-failed':
        return joinFailed(port);
      case 'sent':
        return tell(unit, port, '+EVT:TX_DONE');
      case 'delivered':
        run.acknowledged = event.acknowledged;
        return tell(unit, port, `+EVT:SEND_CONFIRMED_${event.acknowledged ? 'OK' : 'FAILED(4)'}`);
      case 'downlink':
        return onDownlink(event, port);
      case 'link-checked': {
        const { rssiDbm = 0, snrDb = 0 } = modem.lastHeard ?? {};
        const level = `${Math.round(rssiDbm)}:${Math.round(snrDb)}`;
        return tell(unit, port, `+EVT:LINKCHECK:0:${Math.round(event.marginDb)}:${event.gateways}:${level}`);
      }
      case 'time':
        run.clockAheadUs = event.networkUs - port.nowUs;
        store.set('timeRequest', '0', port);
        return tell(unit, port, '+EVT:TIMEREQ_OK');
      case 'unanswered':
        return tell(unit, port, event.what === 'time' ? '+EVT:TIMEREQ_FAILED' : '+EVT:LINKCHECK:1:0:0:0:0');
    }
  };

  /** Who opens the USB of a board at this speed wants its bootloader. */
  const touched = ({ baud }: LineSettings, port: TwinPort): void => {
    if (facts.usb && baud === 1_200 && unit.run.at === 'firmware') unit.restart(port, 'bootloader');
  };

  return {
    baud: () => baud,
    power,
    opened: touched,
    settings: touched,
    byte(byte, port) {
      input.byte(byte, port);
      return true;
    },
    line: () => undefined,
    modem(event, port) {
      // A chip that restarts, and a bootloader, have no LoRaWAN.
      if (unit.run.at === 'firmware' && inLorawan(unit)) onModem(event, port);
    },
    wake(which, port) {
      switch (which) {
        case slot.start:
          return dying ? reset(port) : started(port);
        case slot.retry:
          return retry(port);
        case slot.air:
          return frameSent(unit, port);
        case slot.window:
          return windowOver(unit, port);
        case slot.sleep:
          return void (unit.run.asleep = 'no');
        case slot.pause:
          return input.paused(port);
        case slot.test:
          return unit.run.at === 'bootloader' ? askForBlock(unit, port) : packetSent(unit, port);
        default:
          return input.frameTimeout();
      }
    },
  };
};
