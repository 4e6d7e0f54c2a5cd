import { airtimeUs } from '../lorawan/airtime.js';
import type { TxFrame } from '../lorawan/radio.js';

/** How long a downlink is on the air; downlinks carry no payload CRC. */
export const downlinkAirtimeUs = (tx: Pick<TxFrame, 'dataRate' | 'phy'>): number =>
  airtimeUs({ dataRate: tx.dataRate, phyBytes: tx.phy.length, crc: false });
