import type { Firmware, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { chipIdOf, licenceOf, licenceWords } from '../heltec/licence.js';
import { resetLines } from './reset.js';
import { wirings } from './rom.js';
import { sketchOf } from './sketch.js';

const slot = { settle: 0, app: 1, licence: 2, next: 3, ack: 4 } as const;
/** From the ROM's last line to the sketch's first. */
const startMs = 400;
const licenceMs = 3_000;

/** An ESP32 with one of Heltec's sketches in its flash. */
export const firmware = ({ modem, board, dice, serial, flash = {} }: TwinSetup): Firmware => {
  const wiring = wirings[board] ?? wirings['heltec-wifi-lora-32-v3']!;
  const sketch = sketchOf(modem, { dice, next: slot.next, ack: slot.ack });
  let licensed = flash['licensed'] === true;
  let runs: 'nothing' | 'licence' | 'sketch' = 'nothing';

  const stop = (port: TwinPort): void => {
    runs = 'nothing';
    for (const one of Object.values(slot)) port.cancel(one);
    modem.restart();
  };
  const start = (port: TwinPort, cause: 'power' | 'usb', into: 'flash' | 'download'): void => {
    port.print(wiring.rom.text(cause, into));
    port.event({ kind: 'note', text: into === 'flash' ? 'started' : 'waits for an image' });
    if (into === 'flash') port.wakeInMs(slot.app, startMs);
  };
  const lines = resetLines(wiring, slot.settle, { hold: stop, start });

  const askForLicence = (port: TwinPort): void => {
    port.print(
      `Please provide a correct license! For more information:\r\nhttp://www.heltec.cn/search/\r\nESP32ChipID=${chipIdOf(serial)}\r\n`,
    );
    port.wakeInMs(slot.licence, licenceMs);
  };
  const runSketch = (port: TwinPort): void => {
    runs = 'sketch';
    port.cancel(slot.licence);
    sketch.start(port);
  };
  const app = (port: TwinPort): void => {
    if (licensed) return runSketch(port);
    runs = 'licence';
    port.event({
      kind: 'note',
      text: `has no licence; the page that it names would give these numbers for its chip: ${licenceWords(serial)}`,
    });
    askForLicence(port);
  };

  return {
    power: (port) => start(port, 'power', 'flash'),
    line(text, port) {
      // A sketch with a licence reads nothing.
      const key = /^AT\+CDKEY=(\S*)\s*$/.exec(text)?.[1];
      if (runs !== 'licence' || key === undefined) return;
      if (key.toUpperCase() !== licenceOf(serial)) return port.print('Error license!\r\n');
      licensed = true;
      port.print('The board is actived\r\n');
      port.event({ kind: 'flash', flash: { ...flash, licensed } });
      runSketch(port);
    },
    modem: (event, port) => (runs === 'sketch' ? sketch.modem(event, port) : undefined),
    signals: (signals, port) => lines.signals(signals, port),
    wake(which, port) {
      switch (which) {
        case slot.settle:
          return lines.settled(port);
        case slot.app:
          return app(port);
        case slot.licence:
          return askForLicence(port);
        case slot.next:
          return sketch.wake(port);
        default:
          return sketch.ack(port);
      }
    },
  };
};
