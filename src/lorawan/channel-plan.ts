// What a device and its network know of the same channels, and how MAC commands change it. Everything returns a new plan.
import { maskRequests, switched, type MaskRequest, type Switches } from './channel-mask.js';
import type { CommandOf } from './mac-command.js';
import { isDownlinkDr, isUplinkDr, rx1DataRate, subBandIndex, type Region } from './region.js';

export interface PlanChannel {
  readonly freqHz: number;
  readonly minDr: number;
  readonly maxDr: number;
  /** Where the first window listens. */
  readonly downlinkHz: number;
  readonly enabled: boolean;
}

/** By channel index, as long as the region has channels; undefined where none is defined. */
export type ChannelPlan = readonly (PlanChannel | undefined)[];

/** The plan of a device that has just been reset: the region's own channels, all on. The same one for all devices. */
export const defaultPlan = (() => {
  const known = new WeakMap<Region, ChannelPlan>();
  const make = (region: Region): ChannelPlan => {
    const { rx1Channels: rx1 } = region;
    return Array.from({ length: region.mostChannels }, (_, index) => {
      const channel = region.channels[index];
      if (!channel) return undefined;
      const downlinkHz = rx1.kind === 'uplink' ? channel.freqHz : rx1.firstHz + rx1.stepHz * (index % rx1.count);
      return { ...channel, downlinkHz, enabled: true };
    });
  };
  return (region: Region): ChannelPlan => {
    let plan = known.get(region);
    if (!plan) known.set(region, (plan = make(region)));
    return plan;
  };
})();

const mayListen = (region: Region, freqHz: number): boolean => {
  const { rx1Channels: rx1 } = region;
  if (subBandIndex(region, freqHz) < 0) return false;
  if (rx1.kind === 'uplink') return true;
  const n = (freqHz - rx1.firstHz) / rx1.stepHz;
  return Number.isInteger(n) && n >= 0 && n < rx1.count;
};

const switchesOf = (plan: ChannelPlan): Switches => plan.map((channel) => channel?.enabled === true);

const withSwitches = (plan: ChannelPlan, on: Switches): ChannelPlan =>
  plan.map((channel, index) =>
    channel && channel.enabled !== on[index] ? { ...channel, enabled: on[index] === true } : channel,
  );

/**
 * The plan with the region's own channels on and all others as they are: the last step of the ADR back-off
 * (LoRaWAN 1.0.4 §4.3.1.1), and the way out when no channel is left for a data rate.
 */
export const withDefaultChannels = (region: Region, plan: ChannelPlan): ChannelPlan =>
  withSwitches(
    plan,
    plan.map((channel, index) => index < region.channels.length || channel?.enabled === true),
  );

/** A plan that can send: the region's own channels come back when a change has left none. */
const neverSilent = (region: Region, plan: ChannelPlan): ChannelPlan =>
  plan.some((channel) => channel?.enabled) ? plan : withDefaultChannels(region, plan);

/**
 * The plan after a join accept's CFList. Frequencies replace all channels but the region's own; one that is 0 or lies
 * outside every sub-band leaves its place empty. Masks that leave no channel are ignored, and so is the other region
 * kind's list (RP002, CFList types 0 and 1).
 */
export const withCfList = (
  region: Region,
  plan: ChannelPlan,
  accept: { readonly cfList?: readonly number[]; readonly channelMasks?: readonly number[] },
): ChannelPlan => {
  const { cfList, channelMasks } = accept;
  if (cfList && region.cfList) {
    const { most, minDr, maxDr } = region.cfList;
    const own = region.channels.length;
    const listed = plan.map((channel, index) => {
      if (index < own) return channel;
      const freqHz = index < own + most ? (cfList[index - own] ?? 0) : 0;
      if (subBandIndex(region, freqHz) < 0) return undefined;
      return { freqHz, minDr, maxDr, downlinkHz: freqHz, enabled: true };
    });
    return neverSilent(region, listed);
  }
  if (channelMasks && region.channelPlan === 'fixed') {
    const on = plan.map((_, index) => (((channelMasks[index >> 4] ?? 0) >>> (index & 15)) & 1) === 1);
    return on.some(Boolean) ? withSwitches(plan, on) : plan;
  }
  return plan;
};

/** What LinkADRReq may change. */
export interface LinkState {
  readonly plan: ChannelPlan;
  readonly dataRate: number;
  /** TXPower index. */
  readonly txPower: number;
  readonly nbTrans: number;
  /** False when the device does not let the network choose: then only the channels change. */
  readonly adr?: boolean;
}

/** Fields that a request leaves as they are. */
const keep = 15;

/**
 * What a device answers to a block of contiguous LinkADRReq, to each of them the same, and its state after it: unchanged,
 * the very object, unless all three are well. Masks are applied in order, data rate, power and NbTrans are the last
 * request's (LoRaWAN 1.0.4 §5.2). The data rate that results, kept or new, must have a channel that is on.
 */
export const withLinkAdr = (
  region: Region,
  state: LinkState,
  requests: readonly CommandOf<'link-adr-req'>[],
): { readonly answer: Omit<CommandOf<'link-adr-ans'>, 'kind'>; readonly state: LinkState } => {
  const last = requests.at(-1);
  if (!last) return { answer: { channelMaskOk: true, dataRateOk: true, powerOk: true }, state };
  const there = state.plan.map((channel) => channel !== undefined);
  let on: Switches | undefined = switchesOf(state.plan);
  for (const request of requests) on &&= switched(region, request, { on, there });
  const channelMaskOk = on?.some(Boolean) === true;
  const plan = on && channelMaskOk ? withSwitches(state.plan, on) : state.plan;

  const adr = state.adr !== false;
  const dataRate = adr && last.dataRate !== keep ? last.dataRate : state.dataRate;
  const txPower = adr && last.txPower !== keep ? last.txPower : state.txPower;
  const nbTrans = adr ? Math.max(1, last.nbTrans) : state.nbTrans;
  const dataRateOk = usableChannels(plan, dataRate).length > 0;
  const powerOk = region.txPowerStepsDb[txPower] !== undefined;
  return {
    answer: { channelMaskOk, dataRateOk, powerOk },
    state: channelMaskOk && dataRateOk && powerOk ? { ...state, plan, dataRate, txPower, nbTrans } : state,
  };
};

const replaced = (plan: ChannelPlan, at: number, by: PlanChannel | undefined): ChannelPlan =>
  plan.map((channel, index) => (index === at ? by : channel));

/**
 * What a device answers to NewChannelReq, and its plan after it (LoRaWAN 1.0.4 §5.6). Frequency 0 removes a channel; the
 * region's own cannot be changed; a new one is on at once and listens where it sends. A fixed plan refuses: there a device
 * does not even answer (`region.channelPlan`).
 */
export const withNewChannel = (
  region: Region,
  plan: ChannelPlan,
  request: Omit<CommandOf<'new-channel-req'>, 'kind'>,
): Omit<CommandOf<'new-channel-ans'>, 'kind'> & { readonly plan: ChannelPlan } => {
  const { index, freqHz, minDr, maxDr } = request;
  if (region.channelPlan === 'fixed' || index < region.channels.length || index >= region.mostChannels)
    return { frequencyOk: false, dataRatesOk: false, plan };
  if (freqHz === 0)
    return { frequencyOk: true, dataRatesOk: true, plan: neverSilent(region, replaced(plan, index, undefined)) };
  const frequencyOk = subBandIndex(region, freqHz) >= 0;
  const dataRatesOk = minDr <= maxDr && isUplinkDr(region, minDr) && isUplinkDr(region, maxDr);
  const channel = { freqHz, minDr, maxDr, downlinkHz: freqHz, enabled: true };
  return { frequencyOk, dataRatesOk, plan: frequencyOk && dataRatesOk ? replaced(plan, index, channel) : plan };
};

/**
 * What a device answers to DlChannelReq, and its plan after it: a channel may listen elsewhere than it sends
 * (LoRaWAN 1.0.4 §5.6). A fixed plan refuses, as in `withNewChannel`.
 */
export const withDlChannel = (
  region: Region,
  plan: ChannelPlan,
  request: Omit<CommandOf<'dl-channel-req'>, 'kind'>,
): Omit<CommandOf<'dl-channel-ans'>, 'kind'> & { readonly plan: ChannelPlan } => {
  if (region.channelPlan === 'fixed') return { frequencyOk: false, uplinkExists: false, plan };
  const channel = plan[request.index];
  const frequencyOk = mayListen(region, request.freqHz);
  const changed =
    channel && frequencyOk ? replaced(plan, request.index, { ...channel, downlinkHz: request.freqHz }) : plan;
  return { frequencyOk, uplinkExists: channel !== undefined, plan: changed };
};

/** What a device answers to RXParamSetupReq: it obeys when all three are well (LoRaWAN 1.0.4 §5.4). */
export const withRxParams = (
  region: Region,
  request: Omit<CommandOf<'rx-param-setup-req'>, 'kind'>,
): Omit<CommandOf<'rx-param-setup-ans'>, 'kind'> => ({
  channelOk: mayListen(region, request.freqHz),
  rx2DataRateOk: isDownlinkDr(region, request.rx2DataRate),
  rx1DrOffsetOk: request.rx1DrOffset < region.rx1DataRates[0]!.length,
});

export interface UsableChannel {
  readonly index: number;
  readonly channel: PlanChannel;
}

/** The channels that are on and carry a data rate; none when a device must first go back to `withDefaultChannels`. */
export const usableChannels = (() => {
  // Plans never change, and a fleet has few of them: each is looked through once for each data rate.
  const known = new WeakMap<ChannelPlan, (readonly UsableChannel[] | undefined)[]>();
  return (plan: ChannelPlan, dataRate: number): readonly UsableChannel[] => {
    let byRate = known.get(plan);
    if (!byRate) known.set(plan, (byRate = []));
    return (byRate[dataRate] ??= plan.flatMap((channel, index) =>
      channel?.enabled && dataRate >= channel.minDr && dataRate <= channel.maxDr ? [{ index, channel }] : [],
    ));
  };
})();

/** The channel that an uplink came on; undefined when the plan has none there that carries its data rate. */
export const channelIndexOf = (
  plan: ChannelPlan,
  uplink: { readonly freqHz: number; readonly dataRate: number },
): number | undefined => {
  const index = plan.findIndex(
    (channel) =>
      channel?.freqHz === uplink.freqHz && uplink.dataRate >= channel.minDr && uplink.dataRate <= channel.maxDr,
  );
  return index < 0 ? undefined : index;
};

/** Frequency and data rate of the first window after an uplink. Throws a RangeError when the plan has no such channel. */
export const rx1Of = (
  region: Region,
  plan: ChannelPlan,
  uplink: { readonly channel: number; readonly dataRate: number; readonly rx1DrOffset: number },
): { readonly freqHz: number; readonly dataRate: number } => {
  const channel = plan[uplink.channel];
  if (!channel) throw new RangeError(`the plan has no channel ${uplink.channel}`);
  return { freqHz: channel.downlinkHz, dataRate: rx1DataRate(region, uplink.dataRate, uplink.rx1DrOffset) };
};

/** The masks of the shortest block of LinkADRReq after which a device with these channels has exactly the plan's on. */
export const planMaskRequests = (region: Region, plan: ChannelPlan): readonly MaskRequest[] =>
  maskRequests(region, switchesOf(plan));
