import { table, version } from '../../devices/consoles/stellwerk-at.js';
import { defineTwin, twinMachine } from '../../src/sim/twin.js';
import type { BoardFacts } from './rak-rui3/facts.js';
import { openFirmware } from './rak-rui3/firmware.js';

const name = `stellwerk-at ${version} example 1.0`;

/** A board with a firmware that keeps to docs/stellwerk-at.md. */
export default defineTwin({
  id: 'stellwerk-at',
  source: 'docs/stellwerk-at.md',
  boards: [
    ...['heltec-wifi-lora-32-v3', 'heltec-wifi-lora-32-v2', 'heltec-wifi-lora-32-v4', 'heltec-wifi-lora-32-v4-r8'],
    ...['heltec-wireless-stick-v3', 'heltec-wireless-tracker'],
  ],
  baud: 115_200,
  profile: { lorawan: '1.0.4', joinDataRates: [0], dataRate: 0, confirmedTries: 1, eirpDbm: 16 },
  open(setup) {
    const facts: BoardFacts = {
      model: setup.board,
      chip: setup.board === 'heltec-wifi-lora-32-v2' ? 'esp32' : 'esp32s3',
      version: name,
      // What the rest of RUI3 would tell.
      bootloader: '',
      chipIdDigits: 0,
      bluetooth: false,
      usb: false,
    };
    return twinMachine(openFirmware(setup, { facts, table, banner: [name], help: false }), { mostLine: 512 });
  },
});
