import type { CommandOf } from './mac-command.js';
import type { MaskRule, Region } from './region.js';

/** The part of a LinkADRReq that switches channels. */
export type MaskRequest = Pick<CommandOf<'link-adr-req'>, 'channelMask' | 'channelMaskControl'>;

/** Which channels are on, by channel index. */
export type Switches = readonly boolean[];

const bit = (mask: number, i: number): boolean => ((mask >>> i) & 1) === 1;

/** Calls `put` for every channel that a rule switches. */
const eachSwitch = (rule: MaskRule, mask: number, put: (channel: number, on: boolean) => void): void => {
  if (rule.kind === 'all-on') return;
  if (rule.kind === 'bank') {
    const { first, count, below } = rule;
    if (below !== undefined) for (let channel = 0; channel < first; channel++) put(channel, below);
    for (let i = 0; i < count; i++) put(first + i, bit(mask, i));
    return;
  }
  for (let i = 0; i < rule.count; i++) {
    for (let n = 0; n < rule.size; n++) put(rule.size * i + n, bit(mask, i));
    put(rule.wideFrom + i, bit(mask, i));
  }
};

/**
 * The switches after a request; undefined when ChMaskCntl is reserved or the mask turns on a channel that is not there
 * (LoRaWAN 1.0.4 §5.2). `there` says which channels are defined.
 */
export const switched = (
  region: Region,
  request: MaskRequest,
  from: { readonly on: Switches; readonly there: Switches },
): Switches | undefined => {
  const rule = region.channelMasks[request.channelMaskControl];
  if (!rule) return undefined;
  if (rule.kind === 'all-on') return from.there;
  const on = [...from.on];
  let sound = true;
  eachSwitch(rule, request.channelMask, (channel, value) => {
    if (value && !from.there[channel]) sound = false;
    on[channel] = value;
  });
  return sound ? on : undefined;
};

/** The mask that comes nearest to the wanted switches under a rule. */
const maskFor = (rule: MaskRule, wanted: Switches): number => {
  if (rule.kind === 'all-on') return 0;
  const channelOf = (i: number): number => (rule.kind === 'bank' ? rule.first + i : rule.wideFrom + i);
  let mask = 0;
  for (let i = 0; i < rule.count; i++) if (wanted[channelOf(i)]) mask |= 1 << i;
  return mask;
};

const same = (a: Switches, b: Switches): boolean => a.length === b.length && a.every((on, i) => on === b[i]);

/**
 * The shortest block of requests after which exactly the wanted channels are on, whatever was on before.
 * `wanted` has an entry for every channel of the region and turns on only channels that are there.
 */
export const maskRequests = (region: Region, wanted: Switches): readonly MaskRequest[] => {
  const all = new Array<boolean>(region.mostChannels).fill(true);
  const none = new Array<boolean>(region.mostChannels).fill(false);
  const requests = region.channelMasks.flatMap((rule, channelMaskControl) =>
    rule && rule.kind !== 'all-on' ? [{ rule, channelMaskControl, channelMask: maskFor(rule, wanted) }] : [],
  );
  const after = (request: MaskRequest, on: Switches): Switches => switched(region, request, { on, there: all }) ?? on;
  const banks = requests.filter(({ rule }) => rule.kind === 'bank' && rule.below === undefined);

  // A block begins with a request that settles every channel, and goes on with the banks that are still wrong. Groups are
  // the youngest rule (Regional Parameters 1.0.2 rev. B), so they must save a request.
  const inTurn = [...requests].sort((a, b) => Number(a.rule.kind === 'groups') - Number(b.rule.kind === 'groups'));
  let best: readonly MaskRequest[] = banks;
  for (const first of inTurn) {
    const on = after(first, none);
    if (!same(on, after(first, all))) continue;
    const block = [first, ...banks.filter((bank) => !same(after(bank, on), on))];
    if (block.length < best.length) best = block;
  }
  return best.map(({ channelMask, channelMaskControl }) => ({ channelMask, channelMaskControl }));
};
