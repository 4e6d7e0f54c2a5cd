import type { Reading } from '../../../src/codec/sensor.js';

/**
 * What telemetry says about the bay. The park alarm is the verdict; level and magnet alarm are the two witnesses that it
 * follows from, no faults, and stay in the message.
 */
export const readingOf = (message: {
  readonly parkAlarm: boolean;
  readonly batteryAlarm: boolean;
  readonly batteryV: number;
}): Reading => ({ occupied: message.parkAlarm, batteryV: message.batteryV, batteryLow: message.batteryAlarm });
