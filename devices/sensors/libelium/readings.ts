import type { Reading } from '../../../src/codec/sensor.js';

/** What any frame of these sensors may say about the bay; the start frame is the first after a restart of unknown cause. */
interface Frame {
  readonly type: string;
  readonly occupied: boolean;
  readonly batteryLow: boolean;
  readonly batteryV?: number;
  readonly temperatureC?: number;
  readonly firmware?: number;
  readonly sensorError?: number;
  readonly configAnswer?: string;
}

const failures = {
  sigfoxError: 'sigfox-failed',
  lorawanError: 'lorawan-failed',
  rtcError: 'clock-failed',
  xAxisError: 'x-axis-failed',
  yAxisError: 'y-axis-failed',
  zAxisError: 'z-axis-failed',
} as const;
type Errors = { readonly [K in keyof typeof failures]?: boolean };

const faultsOf = (frame: Frame & Errors): readonly string[] => [
  ...Object.entries(failures).flatMap(([name, fault]) => (frame[name as keyof Errors] ? [fault] : [])),
  ...(frame.sensorError ? [`sensor-error-${frame.sensorError}`] : []),
  ...(frame.configAnswer === 'nack' ? ['configuration-refused'] : []),
];

/** Every frame says whether the bay is taken; the rest as far as it is there. */
export const readingOf = (frame: Frame & Errors): Reading => {
  const { type, occupied, batteryLow, batteryV, temperatureC, firmware } = frame;
  const faults = faultsOf(frame);
  return {
    occupied,
    batteryLow,
    ...(batteryV !== undefined && { batteryV }),
    ...(temperatureC !== undefined && { temperatureC }),
    ...(faults.length > 0 && { fault: faults.join(',') }),
    // Of the two start frames only the first counts as a restart; why it happened is not told.
    ...(type === 'start1' && { restart: 'other' as const }),
    ...(firmware !== undefined && { firmware: String(firmware) }),
  };
};
