import { dayMs } from '../../../src/base/time.js';
import { restartCauses, type RestartCause } from '../../../src/codec/sensor.js';
import type { MacProfile, SensorInput, SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';

/** MAC version and power as the device repository has them; data rates and tries assumed. */
export const mac: MacProfile = {
  lorawan: '1.0.3',
  joinDataRates: [5, 4, 3, 2, 1, 0],
  dataRate: 3,
  confirmedTries: 8,
  eirpDbm: 14,
};

/** Heartbeats tell of the last 24 hours, so one a day is assumed. */
export const heartbeatMs = dayMs;
/** Status and heartbeat are confirmed (assumed); a heartbeat must be, since its silence is what makes a sensor join again. */
export const confirmed = { confirmed: true, tries: mac.confirmedTries } as const;

/** How many confirmed messages in a row may stay without an answer (the guide says "multiple"; three are assumed). */
const patience = 3;

export const commonColumns = { cause: 'u8', unheard: 'u8' } as const;
type Common = Row<typeof commonColumns>;

export const causeOf = (row: Common): RestartCause => restartCauses[row.cause]!;

/** What all three models do: remember why they run, and join again when nobody answers. */
export const stayInTouch = (row: Common, input: SensorInput, port: SensorPort): void => {
  if (input.kind === 'boot') row.cause = restartCauses.indexOf(input.cause);
  if (input.kind !== 'delivered') return;
  row.unheard = input.acknowledged ? 0 : row.unheard + 1;
  if (row.unheard >= patience) port.reboot('rejoin');
};

/** The cause as a format has it: what it has no number for is "other". */
export const causeIn = (row: Common, known: readonly RestartCause[]): RestartCause => {
  const cause = causeOf(row);
  return known.includes(cause) ? cause : 'other';
};
