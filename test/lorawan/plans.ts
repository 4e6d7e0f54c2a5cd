import { defaultPlan, withCfList, type ChannelPlan } from '../../src/lorawan/channel-plan.js';
import type { CommandOf } from '../../src/lorawan/mac-command.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';

export type LinkAdr = CommandOf<'link-adr-req'>;
export const adr = (change: Partial<LinkAdr>): LinkAdr => ({
  kind: 'link-adr-req',
  dataRate: 15,
  txPower: 15,
  channelMask: 0,
  channelMaskControl: 0,
  nbTrans: 0,
  ...change,
});
export const on = (plan: ChannelPlan): number[] => plan.flatMap((channel, index) => (channel?.enabled ? [index] : []));
export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const extras = [867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000];
export const eight = withCfList(eu868, defaultPlan(eu868), { cfList: extras });
export const fine = { channelMaskOk: true, dataRateOk: true, powerOk: true };
