import { airtimeUs } from '../lorawan/airtime.js';
import { usableChannels, withDefaultChannels } from '../lorawan/channel-plan.js';
import { sealData } from '../lorawan/frame.js';
import type { UplinkCommand } from '../lorawan/mac-command.js';
import { commandBytes, writeCommands } from '../lorawan/mac-commands.js';
import { dataRateOf, maxPayload, type Region } from '../lorawan/region.js';
import { countUplink } from './mac-adr.js';
import type { Mac } from './mac-port.js';
import type { MacSession, Waiting } from './mac-state.js';

const mostFOpts = 15;
const none: readonly UplinkCommand[] = [];
const mostFCnt = 0xffff_ffff;

/** Whether a payload of this length, FOpts included, may go at a data rate: by RP002's N, and by the dwell time. */
const fits = (region: Region, dr: number, bytes: number): boolean => {
  if (maxPayload(region, dr) < bytes) return false;
  const dataRate = dataRateOf(region, dr);
  if (dataRate?.kind !== 'lora') return false;
  if (region.uplinkDwellMs === undefined) return true;
  return airtimeUs({ dataRate, phyBytes: 13 + bytes }) <= region.uplinkDwellMs * 1000;
};

/** Most bytes of a payload at the data rate of now. */
export const mostPayload = (mac: Mac): number => {
  const { region } = mac.port;
  const dr = rateFor(mac, 0) ?? mac.row.dataRate;
  let most = maxPayload(region, dr);
  while (most > 0 && !fits(region, dr, most)) most--;
  return most;
};

/**
 * The data rate for a payload of this length: the session's own, else the nearest faster one that takes it, else the
 * nearest slower one; undefined when none does. Who has no channel left takes the region's own back.
 */
export const rateFor = (mac: Mac, bytes: number): number | undefined => {
  const { row, mind, port } = mac;
  const { min, max } = port.region.uplinkDrs;
  const good = (dr: number): boolean => fits(port.region, dr, bytes) && usableChannels(mind.plan, dr).length > 0;
  const search = (): number | undefined => {
    for (let dr = row.dataRate; dr <= max; dr++) if (good(dr)) return dr;
    for (let dr = row.dataRate - 1; dr >= min; dr--) if (good(dr)) return dr;
    return undefined;
  };
  const found = search();
  if (found !== undefined) return found;
  mind.plan = withDefaultChannels(port.region, mind.plan);
  return search();
};

/** What the device has to say to its network, what must not be missed first. */
const pendingCommands = ({ row, mind }: Mac): readonly UplinkCommand[] => {
  const { sticky, answers } = mind;
  if (sticky.length === 0 && answers.length === 0 && !row.wantsLinkCheck && !row.wantsTime) return none;
  return [
    ...sticky,
    ...answers,
    ...(row.wantsLinkCheck ? [{ kind: 'link-check-req' } as const] : []),
    ...(row.wantsTime ? [{ kind: 'device-time-req' } as const] : []),
  ];
};

/** The most that commands will take of the next frame, in bytes. */
export const pendingBytes = (mac: Mac): number =>
  Math.min(
    mostFOpts,
    pendingCommands(mac).reduce((sum, command) => sum + commandBytes(command), 0),
  );

/** As many commands from the first on as these bytes hold. */
const firstOf = (commands: readonly UplinkCommand[], most: number): readonly UplinkCommand[] => {
  let room = most;
  const end = commands.findIndex((command) => (room -= commandBytes(command)) < 0);
  return end < 0 ? commands : commands.slice(0, end);
};

/** Commands that go out: answers have been given, questions are open, and sticky ones stay. */
const said = ({ row, mind }: Mac, commands: readonly UplinkCommand[]): void => {
  mind.answers.splice(0, Math.max(0, commands.length - mind.sticky.length));
  for (const { kind } of commands) {
    if (kind === 'link-check-req') {
      row.wantsLinkCheck = false;
      row.awaitsLinkCheck = true;
    } else if (kind === 'device-time-req') {
      row.wantsTime = false;
      row.awaitsTime = true;
    }
  }
};

/** Takes messages out of the queue that no data rate can carry; what is first then, if any. */
const firstMessage = (mac: Mac): Waiting | undefined => {
  const { mind, port } = mac;
  for (;;) {
    const what = mind.queue[0];
    if (!what || rateFor(mac, what.bytes.length) !== undefined) return what;
    mind.queue.shift();
    port.note('dropped-too-long');
    if (what.confirmed) port.tell({ kind: 'delivered', acknowledged: false });
  }
};

/**
 * Makes the next data frame the one to send: the oldest message with what there is to say to the network, MAC commands
 * alone when they do not fit beside it, or an empty frame that acknowledges. False when there is nothing to send.
 */
export const nextFrame = (mac: Mac, session: MacSession): boolean => {
  const { row, mind, port } = mac;
  const what = firstMessage(mac);
  if (!what && !row.owesAck && !row.morePending) return false;
  const adrAckReq = countUplink(mac);
  const bytes = what?.bytes.length ?? 0;
  // Full power or a slower data rate may just have been chosen, so the rate is looked up now.
  const dr = rateFor(mac, bytes) ?? row.dataRate;
  const room = Math.min(mostFOpts, maxPayload(port.region, dr) - bytes);
  const pending = pendingCommands(mac);
  const beside = firstOf(pending, room);
  const alone = beside.length < pending.length && !row.toldAlone;
  row.toldAlone = alone;
  if (alone) {
    const aloneDr = rateFor(mac, commandBytes(pending[0]!)) ?? row.dataRate;
    const commands = firstOf(pending, maxPayload(port.region, aloneDr));
    seal(mac, session, { dr: aloneDr, adrAckReq, fPort: 0, payload: writeCommands(commands) });
    said(mac, commands);
    return true;
  }
  if (what) mind.queue.shift();
  const fOpts = beside.length > 0 ? writeCommands(beside) : undefined;
  seal(mac, session, { dr, adrAckReq, fOpts, what, fPort: what?.fPort, payload: what?.bytes });
  said(mac, beside);
  return true;
};

const seal = (
  { row, mind, port }: Mac,
  session: MacSession,
  frame: {
    readonly dr: number;
    readonly adrAckReq: boolean;
    readonly what?: Waiting | undefined;
    readonly fOpts?: Uint8Array | undefined;
    readonly fPort: number | undefined;
    readonly payload: Uint8Array | undefined;
  },
): void => {
  const { dr, what } = frame;
  // Field by field: spreading them took more time than the cryptography.
  const phy = sealData({
    uplink: true,
    confirmed: what?.confirmed ?? false,
    adr: mind.profile.adr !== false,
    adrAckReq: frame.adrAckReq,
    devAddr: session.devAddr,
    ack: row.owesAck,
    fCnt: row.fCntUp,
    fOpts: frame.fOpts,
    fPort: frame.fPort,
    payload: frame.payload,
    nwkSKey: session.nwk,
    appSKey: session.app,
  });
  row.fCntUp++;
  if (!mind.otaa) port.used();
  row.owesAck = false;
  row.morePending = false;
  row.acknowledged = false;
  row.answered = false;
  row.tries = 0;
  // An answer comes in the windows of its question or never (LoRaWAN 1.0.4 §5): a time would belong to another uplink.
  row.awaitsLinkCheck = false;
  row.awaitsTime = false;
  row.frameDataRate = dr;
  mind.frame = { phy, join: false, what };
};

/** Whether a session has used its last uplink counter: its key stream must not begin again. */
export const exhausted = (row: { readonly fCntUp: number }): boolean => row.fCntUp > mostFCnt;
