// What the gateway's log says of frames and commands: stable names and fields, read again by `stellwerk why`.
import type { Log } from '../base/log.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';

/** Where an uplink ended. */
export const logOutcome = (log: Log, outcome: Outcome): void => {
  const { frame, devEui, devAddr, fCnt, bay, detail, gateways } = outcome;
  const best = gateways[0];
  const fields = { frame, devEui, devAddr, fCnt, bay, gateway: best?.gateway, rssiDbm: best?.rssiDbm };
  if (outcome.result === 'refused') log('uplink_refused', { why: outcome.why, detail, ...fields });
  else log(outcome.result === 'joined' ? 'device_joined' : 'uplink_accepted', { ...fields, detail });
};

/** Where a downlink frame ended, and each window that a gateway's hour forbade. */
export const logDescent = (log: Log, descent: DownlinkOutcome): void => {
  const { atUs: _at, result, attempts, simulated: _s, ...fields } = descent;
  for (const { verdict, ...where } of attempts)
    if (verdict === 'gateway-duty-cycle') log('gateway_duty_cycle', { ...where, devEui: descent.devEui });
  const last = attempts.at(-1);
  if (result === 'failed') return log('downlink_failed', { ...fields, attempts });
  log('downlink_sent', { ...fields, gateway: last?.gateway, window: last?.window, dataRate: last?.dataRate });
};
