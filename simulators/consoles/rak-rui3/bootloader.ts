import type { TwinPort } from '../../../src/sim/twin.js';
import { slot, type Unit } from './unit.js';

// The text commands of RAK's serial bootloader. No image is taken here: it asks for one, and gives up.

const asks = 10;

/** A line of the bootloader. */
export const bootloaderLine = (unit: Unit, line: string, port: TwinPort): void => {
  const say = (text: string): void => port.print(`${text}\r\n`);
  switch (line.toLowerCase()) {
    case 'at+version':
    case 'at+ver=?':
    case 'at+bootver=?':
      return say(unit.facts.bootloader);
    case 'at+bootstatus':
      return say('Boot Mode');
    case 'at+run':
      say('Stop Boot Mode');
      return unit.restart(port, 'firmware');
    case 'at+reset':
      return unit.restart(port, 'firmware');
    case 'at+update':
      say('Start firmware upgrade...');
      unit.run.testing = { left: asks, all: asks };
      return port.wakeInMs(slot.test, 1_000);
    default:
      return say('AT not support.');
  }
};

/** Asks for the first block, once a second. */
export const askForBlock = (unit: Unit, port: TwinPort): void => {
  const { testing } = unit.run;
  if (typeof testing === 'string' || testing.left-- <= 0) return;
  port.print('C');
  port.wakeInMs(slot.test, 1_000);
};
