import { pick } from '../base/dice.js';
import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import { airtimeUs } from '../lorawan/airtime.js';
import { defaultPlan, rx1Of, usableChannels, type ChannelPlan, type UsableChannel } from '../lorawan/channel-plan.js';
import { hourUs } from '../lorawan/duty-budget.js';
import { dataRateOf, txPowerDbm } from '../lorawan/region.js';
import { rateFor } from './mac-frame.js';
import { joinAllowedUs, spendJoin } from './mac-join.js';
import type { Mac } from './mac-port.js';
import { phase } from './mac-state.js';

/** A frame's bytes around its payload: MHDR, FHDR, FPort and MIC. */
export const overhead = 13;

const wait = ({ row, port }: Mac, untilUs: Us, why: 'waits-duty-cycle' | 'waits-join-backoff'): void => {
  row.phase = phase.waiting;
  // Never the same instant again: who waits must move on. And never for ever: a command may bring other channels.
  const wakeUs = Math.min(Math.max(port.nowUs + 1, untilUs), port.nowUs + hourUs);
  port.note(why, wakeUs);
  port.wake(wakeUs);
};

/** When a frame may begin at the earliest, now or later, by the duty cycle of its channels and, for a join, its back-off. */
export const sendableUs = (
  { row, mind, port }: Mac,
  frame: { readonly join: boolean; readonly dr: number; readonly phyBytes: number },
): Us => {
  const { region, nowUs } = port;
  const airUs = airtimeUs({ dataRate: dataRateOf(region, frame.dr)!, phyBytes: frame.phyBytes });
  const allowedUs = Math.max(row.dutyFreeUs, frame.join ? joinAllowedUs(row, airUs, nowUs) : nowUs, nowUs);
  const channels = usableChannels(frame.join ? defaultPlan(region) : mind.plan, frame.dr);
  if (mind.orders?.dutyCycle === false) return allowedUs;
  const earliest = channels.map(({ channel: { freqHz } }) =>
    mind.duty.earliestUs({ freqHz, airtimeUs: airUs, fromUs: allowedUs }),
  );
  return Math.min(...earliest);
};

/** Sends the current frame on a channel whose sub-band has room in its sliding hour, or waits until one has. */
export const trySend = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const { region, nowUs } = port;
  const frame = mind.frame!;
  const plan: ChannelPlan = frame.join ? defaultPlan(region) : mind.plan;
  // A command may have taken the frame's channels away while it waited for its next try.
  if (!frame.join && usableChannels(plan, row.frameDataRate).length === 0)
    row.frameDataRate = rateFor(mac, frame.phy.length - overhead) ?? row.frameDataRate;
  const dr = row.frameDataRate;
  const dataRate = dataRateOf(region, dr)!;
  const airUs = airtimeUs({ dataRate, phyBytes: frame.phy.length });
  if (row.dutyFreeUs > nowUs) return wait(mac, row.dutyFreeUs, 'waits-duty-cycle');
  if (frame.join) {
    const allowedUs = joinAllowedUs(row, airUs, nowUs);
    if (allowedUs > nowUs) return wait(mac, allowedUs, 'waits-join-backoff');
  }
  const channels = usableChannels(plan, dr);
  const { duty } = mind;
  const lawless = mind.orders?.dutyCycle === false;
  const what = { freqHz: 0, airtimeUs: airUs, startUs: nowUs };
  const free: UsableChannel[] = [];
  for (const one of channels) {
    what.freqHz = one.channel.freqHz;
    if (lawless || duty.fits(what)) free.push(one);
  }
  if (free.length === 0) {
    const earliest = channels.map(({ channel: { freqHz } }) =>
      duty.earliestUs({ freqHz, airtimeUs: airUs, fromUs: nowUs }),
    );
    return wait(mac, Math.min(...earliest), 'waits-duty-cycle');
  }
  const { index, channel } = pick(port.dice, free);
  const { freqHz } = channel;
  const endUs = nowUs + airUs;
  duty.spend({ freqHz, airtimeUs: airUs, startUs: nowUs });
  if (frame.join) spendJoin(row, airUs, nowUs);
  if (row.dutyExponent > 0) row.dutyFreeUs = endUs + airUs * (2 ** row.dutyExponent - 1);
  const rx1 = rx1Of(region, plan, { channel: index, dataRate: dr, rx1DrOffset: frame.join ? 0 : row.rx1DrOffset });
  row.phase = phase.sending;
  row.rx1Hz = rx1.freqHz;
  row.rx1DataRate = rx1.dataRate;
  row.txEndUs = endUs;
  row.tries++;
  row.frames++;
  // A radio that cannot do what an index asks does what it can (LoRaWAN 1.0.4 §5.2).
  const eirpDbm = Math.min(mind.profile.eirpDbm, txPowerDbm(region, row.txPower) ?? region.maxEirpDbm);
  const privateNetwork = mind.orders?.publicNetwork === false || undefined;
  port.transmit({
    phy: frame.phy,
    freqHz,
    channel: index,
    dataRate,
    eirpDbm,
    endUs,
    privateNetwork,
  });
  if (!port.unanswered) return port.wake(endUs);
  row.phase = phase.rx2;
  port.wake(rx2UsOf(mac));
};

/** When the second window of the last transmission opens. */
export const rx2UsOf = ({ row, mind, port }: Mac): Us =>
  row.txEndUs +
  (mind.frame?.join === true ? port.region.joinAcceptDelay1Ms * usPerMs : row.rx1DelayS * usPerSecond) +
  usPerSecond;
