import { table } from '../../../devices/consoles/rak-rui3/table.js';
import { defineTwin, twinMachine } from '../../../src/sim/twin.js';
import { boards } from './facts.js';
import { openFirmware } from './firmware.js';

/** A board with RAK's RUI3. */
export default defineTwin({
  id: 'rak-rui3',
  source: 'RAKWireless/RAK-STM32-RUI @e5a28be; RAKWireless/RAK-nRF52-RUI @8fdc0f0',
  boards: ['rak-rak3172', 'rak-rak3272', 'rak-rak3372', 'rak-rak4631-r', 'rak-rak11720'],
  baud: 115_200,
  profile: { lorawan: '1.0.3', joinDataRates: [0], dataRate: 0, confirmedTries: 1, eirpDbm: 16 },
  open(setup) {
    const facts = boards[setup.board] ?? boards['rak-rak3172']!;
    const firmware = openFirmware(setup, { facts, table, banner: [], help: true });
    // With USB of its own any speed will do.
    return twinMachine(firmware, { mostLine: 2_048, ...(!facts.usb && { baud: firmware.baud }) });
  },
});
