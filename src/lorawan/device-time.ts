import { gpsSecondsFromUs, usFromGpsSeconds } from '../base/gps-time.js';
import type { Us } from '../base/time.js';
import type { CommandOf } from './mac-command.js';

/**
 * The answer to a DeviceTimeReq. `endUs` is the end of the uplink that asked, never the moment of the answer: the device
 * adds the time since then itself (LoRaWAN 1.0.4 §5.9).
 */
export const deviceTimeAns = (endUs: Us): CommandOf<'device-time-ans'> => {
  const gps = gpsSecondsFromUs(endUs);
  const whole = Math.floor(gps);
  return {
    kind: 'device-time-ans',
    gpsSeconds: ((whole % 2 ** 32) + 2 ** 32) % 2 ** 32,
    fraction: Math.floor((gps - whole) * 256),
  };
};

/** When the uplink that asked ended, as the answer says it: exact to 1/256 s, until the 32 bits wrap in 2116. */
export const deviceTimeUs = ({ gpsSeconds, fraction }: CommandOf<'device-time-ans'>): Us =>
  usFromGpsSeconds(gpsSeconds + fraction / 256);
