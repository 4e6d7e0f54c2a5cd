import { usPerMs } from '../../../src/base/time.js';
import { airtimeUs } from '../../../src/lorawan/airtime.js';
import type { Modem, ModemEvent } from '../../../src/sim/modem-types.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import { acknowledgedLine, downlinkLines, joinFailed, rejoinMs, sendingLine } from '../heltec/log.js';
import type { LoraSetting } from './settings.js';

/** The radio part of the sketch: what it prints when, and what waits for its turn. */
export interface Radio {
  /** Joining, or an uplink that waits or is under way. */
  readonly busy: boolean;
  join(otaa: boolean, port: TwinPort): void;
  send(uplink: Uplink, port: TwinPort): void;
  /** From board to board: nobody hears it. */
  sendLora(bytes: number, how: LoraSetting, port: TwinPort): void;
  receiveLora(ms: number, port: TwinPort): void;
  modem(event: ModemEvent, port: TwinPort): void;
  wake(slot: number, port: TwinPort): void;
  /** The chip restarts. */
  forget(port: TwinPort): void;
}
export interface Uplink {
  readonly fPort: number;
  readonly bytes: Uint8Array;
  readonly confirmed: boolean;
  readonly tries: number;
}

const slot = { join: 1, uplink: 2, ack: 3, p2p: 4 } as const;
const bandwidths = [125_000, 250_000, 500_000] as const;
const codingRates = ['4/5', '4/6', '4/7', '4/8'] as const;

/** `period` is the time after which a join that the MAC did not take is tried again; `rest` is called when all is over. */
export const radioOf = (modem: Modem, { period, rest }: { period(): number; rest(): void }): Radio => {
  let joining = false;
  let waits: Uplink | undefined;
  /** A downlink was printed since the last uplink began. */
  let heard = false;
  let p2p = '';

  const tryJoin = (port: TwinPort): void => {
    const refusal = modem.join();
    if (refusal?.kind === 'wait') port.wakeInMs(slot.join, refusal.ms);
    else if (refusal) port.wakeInMs(slot.join, Math.max(1, period()));
  };
  const trySend = (uplink: Uplink, port: TwinPort): void => {
    waits = undefined;
    heard = false;
    const { tries, ...frame } = uplink;
    // The MAC refuses these ports, and the sketch does not look.
    if (uplink.fPort < 1 || uplink.fPort > 223) return;
    const refusal = modem.send({ ...frame, ...(uplink.confirmed && { tries: Math.max(1, tries) }) });
    if (refusal?.kind !== 'wait') return;
    waits = uplink;
    port.wakeInMs(slot.uplink, refusal.ms);
  };

  return {
    get busy() {
      return joining || waits !== undefined || modem.busy;
    },
    join(otaa, port) {
      modem.settings.activation = otaa ? 'otaa' : 'abp';
      joining = otaa;
      if (otaa) port.print('joining...');
      tryJoin(port);
    },
    send(uplink, port) {
      if (uplink.bytes.length > modem.mostBytes) {
        port.print('payload length error ...\r\n');
        return trySend({ ...uplink, bytes: new Uint8Array(0), confirmed: false }, port);
      }
      port.print(sendingLine(uplink.confirmed));
      trySend(uplink, port);
    },
    sendLora(bytes, how, port) {
      const us = airtimeUs({
        dataRate: { kind: 'lora', sf: how.sf as 7, bwHz: bandwidths[how.bandwidth]! },
        phyBytes: bytes,
        crc: how.crc === 1,
        codingRate: codingRates[how.codingRate - 1]!,
        preambleSymbols: how.preamble,
      });
      p2p = 'TX done\r\n';
      port.wakeInMs(slot.p2p, us / usPerMs);
    },
    receiveLora(ms, port) {
      p2p = 'RX Timeout\r\n';
      port.wakeInMs(slot.p2p, ms);
    },
    modem(event, port) {
      switch (event.kind) {
        case 'joined':
          if (!joining) return;
          joining = false;
          port.print('joined\r\n');
          return rest();
        case 'join-failed':
          if (!joining) return;
          port.print(joinFailed);
          return port.wakeInMs(slot.join, rejoinMs);
        case 'sent':
          return rest();
        case 'delivered':
          // The downlink that acknowledges may be told a moment later.
          if (event.acknowledged) return port.wakeInMs(slot.ack, 1);
          return rest();
        case 'downlink':
          heard = true;
          return port.print(downlinkLines(event));
        case 'time':
          return port.print('device time updated\r\n');
        default:
          return;
      }
    },
    wake(which, port) {
      switch (which) {
        case slot.join:
          return tryJoin(port);
        case slot.uplink:
          if (waits) trySend(waits, port);
          return;
        case slot.ack:
          if (!heard) port.print(acknowledgedLine(modem));
          return rest();
        case slot.p2p:
          port.print(p2p);
          return rest();
        default:
          return;
      }
    },
    forget(port) {
      joining = false;
      waits = undefined;
      for (const one of Object.values(slot)) port.cancel(one);
    },
  };
};
