import { airtimeUs } from '../lorawan/airtime.js';
import type { RxFrame, TxFrame } from '../lorawan/radio.js';
import { dataRateOf, drOf, rx1DataRate } from '../lorawan/region.js';
import type { NetworkSettings } from './join.js';

/** The join windows open 5 and 6 seconds after the request, whatever the session says (RP002 §2.1). */
export type Window = 'join' | 'data';

/**
 * The same downlink for the first and for the second receive window, in the order in which they are to be tried.
 * Empty when the gateway gave no counter value or its data rate has no answer: then nobody can hit the window.
 */
export const answersTo = (
  rx: RxFrame,
  phy: Uint8Array,
  how: { readonly settings: NetworkSettings; readonly window: Window; readonly id: number },
): readonly TxFrame[] => {
  const { region, rx2DataRate, rx1DelayS } = how.settings;
  if (rx.tmst === undefined) return [];
  const rx1DelayMs = how.window === 'join' ? region.joinAcceptDelay1Ms : rx1DelayS * 1000;
  const rx2Dr = how.window === 'join' ? region.rx2.dr : rx2DataRate;
  const uplinkDr = drOf(region, rx.dataRate);
  const at = (ms: number): TxFrame['when'] => ({ kind: 'tmst', tmst: (rx.tmst! + ms * 1000) % 0x1_0000_0000 });
  const frame = { phy, gateway: rx.gateway, codingRate: '4/5', invertPolarity: true, rfChain: 0, id: how.id };
  const rx1Rate = uplinkDr === undefined ? undefined : dataRateOf(region, rx1DataRate(region, uplinkDr, 0));
  const rx2Rate = dataRateOf(region, rx2Dr);
  const answers: TxFrame[] = [];
  if (rx1Rate) {
    const powerDbm = region.downlinkPowerDbm(rx.freqHz);
    answers.push({ ...frame, when: at(rx1DelayMs), freqHz: rx.freqHz, dataRate: rx1Rate, powerDbm });
  }
  if (rx2Rate) {
    const { freqHz } = region.rx2;
    answers.push({
      ...frame,
      when: at(rx1DelayMs + 1000),
      freqHz,
      dataRate: rx2Rate,
      powerDbm: region.downlinkPowerDbm(freqHz),
    });
  }
  return answers;
};

/** How long a downlink is on the air; downlinks carry no payload CRC. */
export const downlinkAirtimeUs = (tx: Pick<TxFrame, 'dataRate' | 'phy'>): number =>
  airtimeUs({ dataRate: tx.dataRate, phyBytes: tx.phy.length, crc: false });
