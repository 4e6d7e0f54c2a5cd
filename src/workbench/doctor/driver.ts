import { problem } from '../../base/problem.js';
import type { Check } from './types.js';

const check = 'driver';

/** Whether the native part of serialport loads. */
export const driver: Check = async (world) => {
  const why = await world.driverFault();
  if (why === undefined) return [{ check, state: 'ok', what: problem('doctor-driver-loads') }];
  return [{ check, state: 'problem', what: problem('doctor-driver-fails', { why }) }];
};
