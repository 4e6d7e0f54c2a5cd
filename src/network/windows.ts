import type { Us } from '../base/time.js';
import { usPerSecond } from '../base/time.js';
import { channelIndexOf, rx1Of, type ChannelPlan } from '../lorawan/channel-plan.js';
import type { DataRate, RxFrame } from '../lorawan/radio.js';
import { dataRateOf, drOf, maxPayload, rx1DataRate, subBandIndex, type Region } from '../lorawan/region.js';
import type { DownlinkWindow } from './downlink-outcome.js';
import type { MacView } from './mac-view.js';
import type { NetworkSettings } from './settings.js';

/** A moment at which a device listens, and how. */
export interface Window {
  readonly window: DownlinkWindow;
  readonly freqHz: number;
  readonly dataRate: DataRate;
  /** After the end of the uplink; 0 for a class C downlink, which leaves at once. */
  readonly delayUs: Us;
  /** Largest payload, FOpts included (N of RP002). */
  readonly room: number;
}

/**
 * The windows after an uplink, in time: those of a join open 5 and 6 seconds after it with the region's own parameters,
 * whatever the session says (RP002 §2.1). Without the first where the uplink's channel or data rate has no answer.
 */
export const windowsAfter = (
  rx: RxFrame,
  how: { readonly settings: NetworkSettings; readonly plan: ChannelPlan; readonly view: MacView | 'join' },
): readonly Window[] => {
  const { settings, plan, view } = how;
  const { region } = settings;
  const join = view === 'join';
  const delayUs = join ? region.joinAcceptDelay1Ms * 1000 : view.rx1DelayS * usPerSecond;
  const uplinkDr = drOf(region, rx.dataRate);
  const windows: Window[] = [];
  if (uplinkDr !== undefined) {
    const rx1 = firstAfter(region, plan, {
      freqHz: rx.freqHz,
      dataRate: uplinkDr,
      rx1DrOffset: join ? 0 : view.rx1DrOffset,
    });
    const dataRate = rx1 && dataRateOf(region, rx1.dataRate);
    if (dataRate)
      windows.push({ window: 'rx1', freqHz: rx1.freqHz, dataRate, delayUs, room: maxPayload(region, rx1.dataRate) });
  }
  const rx2 = join
    ? { freqHz: region.rx2.freqHz, dr: region.rx2.dr }
    : { freqHz: view.rx2FreqHz, dr: view.rx2DataRate };
  const dataRate = dataRateOf(region, rx2.dr);
  if (dataRate)
    windows.push({
      window: 'rx2',
      freqHz: rx2.freqHz,
      dataRate,
      delayUs: delayUs + usPerSecond,
      room: maxPayload(region, rx2.dr),
    });
  return windows;
};

/** Frequency and data rate of the first window; undefined where the uplink's channel has none. */
const firstAfter = (
  region: Region,
  plan: ChannelPlan,
  uplink: { readonly freqHz: number; readonly dataRate: number; readonly rx1DrOffset: number },
): { readonly freqHz: number; readonly dataRate: number } | undefined => {
  const channel = channelIndexOf(plan, uplink);
  if (channel !== undefined) return rx1Of(region, plan, { ...uplink, channel });
  // A personalised device may have channels that nobody here gave it: it listens where it sends.
  const listens = region.rx1Channels.kind === 'uplink' && subBandIndex(region, uplink.freqHz) >= 0;
  const { freqHz, dataRate, rx1DrOffset } = uplink;
  return listens ? { freqHz, dataRate: rx1DataRate(region, dataRate, rx1DrOffset) } : undefined;
};

/** The window of a device that always listens. */
export const openWindow = (view: MacView, settings: NetworkSettings): Window | undefined => {
  const dataRate = dataRateOf(settings.region, view.rx2DataRate);
  const room = maxPayload(settings.region, view.rx2DataRate);
  return dataRate && { window: 'at-once', freqHz: view.rx2FreqHz, dataRate, delayUs: 0, room };
};
