import type { Dice } from '../../../src/base/dice.js';
import type { Modem, ModemEvent } from '../../../src/sim/modem-types.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import { acknowledgedLine, downlinkLines, joinFailed, keyLine, rejoinMs, sendingLine } from '../heltec/log.js';

/** Heltec's LoRaWan example: joins by itself, sends four bytes every 15 s, and tells what it does. */
export interface Sketch {
  start(port: TwinPort): void;
  modem(event: ModemEvent, port: TwinPort): void;
  /** An appointment of its own slot has come. */
  wake(port: TwinPort): void;
  ack(port: TwinPort): void;
}

const periodMs = 15_000;
const jitterMs = 1_000;
const confirmed = true;
const tries = 4;

export const sketchOf = (
  modem: Modem,
  { dice, next, ack }: { readonly dice: Dice; readonly next: number; readonly ack: number },
): Sketch => {
  let joining = false;
  let heard = false;

  const cycle = (port: TwinPort): void => port.wakeInMs(next, periodMs + Math.floor(dice.next() * jitterMs));
  const tryJoin = (port: TwinPort): void => {
    const refusal = modem.join();
    if (refusal?.kind === 'wait') port.wakeInMs(next, refusal.ms);
    else if (refusal) cycle(port);
  };
  const send = (port: TwinPort): void => {
    heard = false;
    port.print(sendingLine(confirmed));
    // A sketch does not look whether the MAC took it: the next turn comes anyway.
    modem.send({ fPort: 2, bytes: Uint8Array.of(0, 1, 2, 3), confirmed, tries });
    cycle(port);
  };

  return {
    start(port) {
      modem.settings.activation = 'otaa';
      joining = true;
      heard = false;
      port.print(
        [
          '',
          'LoRaWAN EU868 Class A start!',
          '',
          '+OTAA=1',
          '+Class=A',
          '+ADR=1',
          `+IsTxConfirmed=${confirmed ? 1 : 0}`,
          '+AppPort=2',
          `+DutyCycle=${periodMs}`,
          `+ConfirmedNbTrials=${tries}`,
          '+ChMask=0000000000000000000000FF',
          ...Object.values(keyLine).map((line) => line(modem)),
          '',
          '',
          'joining...',
          '',
        ].join('\r\n'),
      );
      tryJoin(port);
    },
    modem(event, port) {
      switch (event.kind) {
        case 'joined':
          if (!joining) return;
          joining = false;
          port.print('joined\r\n');
          return send(port);
        case 'join-failed':
          if (!joining) return;
          port.print(joinFailed);
          return port.wakeInMs(next, rejoinMs);
        case 'delivered':
          // The downlink that acknowledges may be told a moment later.
          return event.acknowledged ? port.wakeInMs(ack, 1) : undefined;
        case 'downlink':
          heard = true;
          return port.print(downlinkLines(event));
        case 'time':
          return port.print('device time updated\r\n');
        default:
          return;
      }
    },
    wake: (port) => (joining ? tryJoin(port) : send(port)),
    ack: (port) => (heard ? undefined : port.print(acknowledgedLine(modem))),
  };
};
