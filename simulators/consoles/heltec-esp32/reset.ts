import type { LineSignals } from '../../../src/base/machine.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import type { Wiring } from './rom.js';

/** What the modem lines do to a chip. */
export interface ResetLines {
  signals(signals: LineSignals, port: TwinPort): void;
  /** Its appointment has come. */
  settled(port: TwinPort): void;
}

/** What happens to the chip. */
export interface Resets {
  /** It is held in reset: it does nothing. */
  hold(port: TwinPort): void;
  start(port: TwinPort, cause: 'power' | 'usb', into: 'flash' | 'download'): void;
}

/** A capacitor keeps the reset line low for a while: the boot pin is looked at later than the lines move. */
const settleMs = 5;

/** The lines of a board; `slot` is the appointment that it may use. */
export const resetLines = ({ circuit }: Wiring, slot: number, resets: Resets): ResetLines => {
  let dtr = false;
  let rts = false;
  let held = false;
  /** Of the USB port: the next reset goes into the bootloader. */
  let download = false;

  // One transistor pulls EN low when RTS is on and DTR off, the other pulls the boot pin low the other way round.
  const transistors = (port: TwinPort): void => {
    const low = rts && !dtr;
    if (low && !held) {
      held = true;
      port.cancel(slot);
      return resets.hold(port);
    }
    if (low || !held) return;
    held = false;
    port.wakeInMs(slot, settleMs);
  };
  // ESP32-S3 Technical Reference Manual, USB Serial/JTAG controller: off and off clears the flag, DTR alone sets it, RTS
  // alone resets.
  const usb = (port: TwinPort): void => {
    if (!dtr && !rts) download = false;
    else if (dtr && !rts) download = true;
    else if (rts && !dtr) {
      resets.hold(port);
      resets.start(port, 'usb', download ? 'download' : 'flash');
    }
  };

  return {
    signals(signals, port) {
      const before = [dtr, rts];
      dtr = signals.dtr ?? dtr;
      rts = signals.rts ?? rts;
      if (before[0] === dtr && before[1] === rts) return;
      if (circuit === 'usb') usb(port);
      else transistors(port);
    },
    settled: (port) => resets.start(port, 'power', dtr && !rts ? 'download' : 'flash'),
  };
};
