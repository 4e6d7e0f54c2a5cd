import { order, type Machine, type MachineOut } from '../base/machine.js';
import type { Us } from '../base/time.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Modem, ModemEvent } from './modem-types.js';
import type { RunOut } from './run-types.js';
import type { TwinEvent } from './twin.js';

/** A server asks the gateway beside the board to send; its answer comes at once. */
export interface DownlinkOrder {
  readonly tx: TxFrame;
  verdict(verdict: TxVerdict): void;
}

/**
 * A whole board as one machine: its console and the radio behind it, which live by the same clock. `air` hears what the
 * board sends; downlinks come as orders.
 */
export const virtualBoard = (setup: {
  readonly console: Machine<TwinEvent, ModemEvent>;
  readonly modem: Modem;
  readonly air: RunOut;
  /** What the modem tells its console, for whoever watches. */
  event?(event: ModemEvent): void;
}): Machine<TwinEvent, DownlinkOrder> => {
  const { console, modem, air } = setup;
  let consoleUs = Infinity;
  return {
    step(input, nowUs, to) {
      const out: MachineOut<TwinEvent> = { ...to, wakeAt: (atUs: Us) => void (consoleUs = atUs) };
      const catchUp = (): void =>
        modem.advance(nowUs, {
          ...air,
          event(event) {
            setup.event?.(event);
            console.step(order(event), nowUs, out);
          },
        });
      catchUp();
      if (input.kind === 'order') input.order.verdict(modem.offer(input.order.tx));
      else if (input.kind !== 'timeout') console.step(input, nowUs, out);
      else if (consoleUs <= nowUs) {
        consoleUs = Infinity;
        console.step(input, nowUs, out);
      }
      catchUp();
      to.wakeAt(Math.min(consoleUs, modem.nextUs));
    },
  };
};
