import { withDefaultChannels } from '../lorawan/channel-plan.js';
import type { Mac } from './mac-port.js';

/** ADR_ACK_LIMIT and ADR_ACK_DELAY of RP002: uplinks without a downlink until the device asks, and between its steps. */
export const adrAckLimit = 64;
export const adrAckDelay = 32;

/**
 * Counts a new uplink and takes the next step of the ADR back-off when it is due (LoRaWAN 1.0.4 §4.3.1.1): full power,
 * then one data rate after the other down to the slowest, then the region's own channels and one transmission a frame.
 * Returns whether the uplink asks for a sign of life (ADRACKReq).
 */
export const countUplink = (mac: Mac): boolean => {
  const { row, mind } = mac;
  if (mind.profile.adr === false) return false;
  const count = row.adrAckCnt;
  row.adrAckCnt = count + 1;
  if (count < adrAckLimit) return false;
  if (count >= adrAckLimit + adrAckDelay && (count - adrAckLimit) % adrAckDelay === 0) stepBack(mac);
  // LoRaWAN 1.0.2 and 1.0.3 §4.3.1.1: who can do no more does not ask.
  return mind.profile.lorawan === '1.0.4' || !atTheEnd(mac);
};

const atTheEnd = ({ row, mind, port: { region } }: Mac): boolean =>
  row.txPower === 0 &&
  row.dataRate <= region.uplinkDrs.min &&
  region.channels.every((_, index) => mind.plan[index]?.enabled === true);

const stepBack = ({ row, mind, port: { region } }: Mac): void => {
  if (row.txPower !== 0) row.txPower = 0;
  else if (row.dataRate > region.uplinkDrs.min) row.dataRate--;
  else {
    mind.plan = withDefaultChannels(region, mind.plan);
    row.nbTrans = 1;
  }
};
