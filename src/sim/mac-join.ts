import { hourMs, usPerMs, type Us } from '../base/time.js';
import { withCfList } from '../lorawan/channel-plan.js';
import { openJoinAccept, sealJoinRequest } from '../lorawan/join.js';
import { sessionKeys10 } from '../lorawan/keys.js';
import type { Region } from '../lorawan/region.js';
import { mostNonces } from './dev-nonce.js';
import type { Mac } from './mac-port.js';
import { forgetSettings, macSession, type MacRow } from './mac-state.js';

const hourUs = hourMs * usPerMs;
const dayUs = 24 * hourUs;

/**
 * The join back-off of LoRaWAN 1.0.4 §7, on top of the duty cycle of the sub-bands: 36 s of airtime in the first hour after
 * power-on, 36 s in the ten hours that follow, then 8.7 s in each 24 hours.
 */
const periodAt = (sinceBootUs: Us): { readonly index: number; readonly endUs: Us; readonly mostUs: number } => {
  if (sinceBootUs < hourUs) return { index: 0, endUs: hourUs, mostUs: 36_000_000 };
  if (sinceBootUs < 11 * hourUs) return { index: 1, endUs: 11 * hourUs, mostUs: 36_000_000 };
  const day = Math.floor((sinceBootUs - 11 * hourUs) / dayUs);
  return { index: 2 + day, endUs: 11 * hourUs + (day + 1) * dayUs, mostUs: 8_700_000 };
};

type Joiner = Pick<MacRow, 'bootUs' | 'joinPeriod' | 'joinAirUs'>;

/** When a join request of this airtime may begin at the earliest, `atUs` or later. */
export const joinAllowedUs = (row: Joiner, airUs: number, atUs: Us): Us => {
  const { index, endUs, mostUs } = periodAt(atUs - row.bootUs);
  const spentUs = index === row.joinPeriod ? row.joinAirUs : 0;
  return spentUs + airUs <= mostUs ? atUs : row.bootUs + endUs;
};

/** A join request goes out: its airtime counts in the period in which it begins. */
export const spendJoin = (row: Joiner, airUs: number, atUs: Us): void => {
  const { index } = periodAt(atUs - row.bootUs);
  row.joinAirUs = (index === row.joinPeriod ? row.joinAirUs : 0) + airUs;
  row.joinPeriod = index;
};

/** The data rate of a join attempt: the profile's where the region has channels, else the region's own in turn. */
export const joinRate = (region: Region, wanted: readonly number[], attempt: number): number => {
  if (region.channelPlan === 'fixed') return region.joinDrs[attempt % region.joinDrs.length]!;
  const dr = wanted[Math.min(attempt, wanted.length - 1)] ?? region.joinDrs[0]!;
  return region.joinDrs.includes(dr) ? dr : region.joinDrs[0]!;
};

/** Makes the next join request the frame to send; false when the device has no nonce left and must stay silent. */
export const nextJoin = (mac: Mac): boolean => {
  const { row, mind, port } = mac;
  const { joinDataRates, lorawan } = mind.profile;
  if (row.nonces >= mostNonces) {
    port.note('nonces-exhausted');
    return false;
  }
  row.devNonce = lorawan === '1.0.4' ? row.nonces : port.nonce(row.nonces);
  row.nonces++;
  port.used();
  row.frameDataRate = joinRate(port.region, joinDataRates, row.joinTries);
  row.joinTries = Math.min(0xffff, row.joinTries + 1);
  row.tries = 0;
  const { joinEui, devEui } = mind.identity;
  mind.frame = {
    phy: sealJoinRequest({ joinEui, devEui, devNonce: row.devNonce, appKey: mind.appKey }),
    join: true,
  };
  return true;
};

/** Begins the session of an accept; false when it is not for this device. */
export const acceptJoin = ({ row, mind, port }: Mac, phy: Uint8Array): boolean => {
  const opened = openJoinAccept(phy, mind.appKey);
  if (!opened.ok) return false;
  const { joinNonce, netId, devAddr, rxDelayS, rx1DrOffset, rx2DataRate } = opened.value;
  const keys = sessionKeys10({ appKey: mind.appKey, joinNonce, netId, devNonce: row.devNonce });
  mind.session = macSession(devAddr, keys.nwkSKey, keys.appSKey);
  forgetSettings(row, mind, port.region);
  mind.plan = withCfList(port.region, mind.plan, opened.value);
  row.fCntUp = 0;
  row.fCntDown = 0;
  row.joinTries = 0;
  row.rx1DelayS = Math.max(1, rxDelayS);
  row.rx1DrOffset = rx1DrOffset;
  row.rx2DataRate = rx2DataRate;
  if (mind.orders) mind.orders.join = false;
  port.report?.({ kind: 'joined', devAddr, netId });
  port.tell({ kind: 'joined' });
  return true;
};
