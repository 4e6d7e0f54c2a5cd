import type { TwinPort } from '../../../src/sim/twin.js';
import type { Name } from '../../../devices/consoles/rak-rui3/table.js';
import { slot, tell, type Unit } from './unit.js';

// RF tests: the words of the firmware. Nothing of it is on the simulated air.

const packetMs = 500;

/** Begins or ends a test; undefined when the command is none. */
export const rfTest = (unit: Unit, name: Name, values: readonly unknown[], port: TwinPort): string | undefined => {
  const { run } = unit;
  switch (name) {
    case 'testOff':
      run.testing = 'off';
      port.cancel(slot.test);
      return 'OK';
    case 'testTone':
    case 'testTx':
    case 'testRx':
    case 'testHop':
    case 'testRandomHop':
    case 'testCarrier':
      if (run.testing !== 'off') return 'AT_BUSY_ERROR';
      break;
    default:
      return undefined;
  }
  if (name === 'testTone') {
    // It has no line end of its own: the status follows on the same line.
    port.print('Tx tone');
    run.testing = 'tone';
  } else if (name === 'testRx') run.testing = 'receive';
  else if (name !== 'testCarrier') {
    const all = values[name === 'testTx' ? 0 : 3] as number;
    run.testing = { left: all, all };
    port.wakeInMs(slot.test, packetMs);
  }
  return 'OK';
};

/** A test packet has gone out. */
export const packetSent = (unit: Unit, port: TwinPort): void => {
  const { testing } = unit.run;
  if (typeof testing === 'string') return;
  testing.left--;
  tell(unit, port, `Tx Test : Packet ${testing.all - testing.left} of ${testing.all}`);
  tell(unit, port, 'OnTxDone');
  if (testing.left > 0) port.wakeInMs(slot.test, packetMs);
  else unit.run.testing = 'off';
};
