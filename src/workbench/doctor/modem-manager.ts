import { problem } from '../../base/problem.js';
import { notHere, type Check } from './types.js';
import { ruleFile, ruleText } from './udev.js';

const check = 'modem-manager';

/** Whether ModemManager will talk to boards before we do. */
export const modemManager: Check = async (world) => {
  if (world.platform !== 'linux') return [notHere(check, 'ModemManager is a program of Linux')];
  const runs = (await world.processes()).some(({ name }) => name === 'ModemManager');
  if (!runs) return [{ check, state: 'ok', what: problem('doctor-no-modem-manager') }];
  if ((await world.readText(ruleFile)) === ruleText(world.known))
    return [{ check, state: 'ok', what: problem('doctor-modem-manager-off') }];
  const command = 'sudo systemctl stop ModemManager';
  return [{ check, state: 'warning', what: problem('doctor-modem-manager'), command }];
};
