import { usPerSecond } from '../base/time.js';
import { micOk, openPayload, parseFrame, widenFCnt } from '../lorawan/frame.js';
import { openJoinAccept } from '../lorawan/join.js';
import { readDownlinkCommands } from '../lorawan/mac-commands.js';
import type { DownlinkHeard } from './downlink-air.js';
import { obey } from './mac-commands.js';
import type { Mac } from './mac-port.js';
import type { MacMind } from './mac-state.js';

/** MAX_FCNT_GAP: up to LoRaWAN 1.0.3 a device takes no larger jump of the downlink counter (RP002). */
const mostGap = 16_384;

/** Whether a downlink is for this device: by its DevAddr, or because its key opens it as a join accept. */
export const isAddressed = (mind: MacMind, phy: Uint8Array): boolean => {
  if (phy[0]! >> 5 === 1) return mind.frame?.join === true && openJoinAccept(phy, mind.appKey).ok;
  const { session } = mind;
  if (!session || phy.length < 12) return false;
  return (phy[1]! | (phy[2]! << 8) | (phy[3]! << 16) | (phy[4]! << 24)) >>> 0 === session.devAddr;
};

/** Near enough to a window's opening to have been heard in it: five symbols of the slowest data rate are 164 ms. */
const nearUs = usPerSecond / 5;

/** Where a downlink was heard. In class C a frame may reach into the second window from before it. */
const windowOf = ({ row }: Mac, heard: DownlinkHeard, classA: boolean): 'rx1' | 'rx2' | 'rxc' => {
  const sinceRx1Us = heard.startUs - row.txEndUs - row.rx1DelayS * usPerSecond;
  if (!classA) return 'rxc';
  if (Math.abs(sinceRx1Us) <= nearUs) return 'rx1';
  return Math.abs(sinceRx1Us - usPerSecond) <= nearUs ? 'rx2' : 'rxc';
};

/**
 * Takes a data frame; false when it is not this device's, forged or old. `classA` is whether it came in a window of an
 * uplink: only such a downlink shows that the network hears the device.
 */
export const takeDownlink = (mac: Mac, heard: DownlinkHeard, { classA }: { readonly classA: boolean }): boolean => {
  const { row, mind, port } = mac;
  const parsed = parseFrame(heard.phy);
  const { session, profile } = mind;
  if (!session || !parsed.ok || parsed.value.kind !== 'data' || parsed.value.uplink) return false;
  const frame = parsed.value;
  if (frame.devAddr !== session.devAddr) return false;
  const fCnt = widenFCnt(row.fCntDown, frame.fCnt16);
  if (profile.lorawan !== '1.0.4' && fCnt - row.fCntDown >= mostGap) return false;
  if (!micOk(frame, fCnt, session.nwk)) return false;
  // LoRaWAN 1.0.4, classes B and C: outside the windows of class A a frame with MAC commands is discarded whole.
  if (!classA && profile.lorawan === '1.0.4' && (frame.fPort === 0 || frame.fOpts.length > 0)) return false;
  if (fCnt < row.fCntDown) {
    // The last one again: the network missed our acknowledgement. It is given again, the message is not.
    if (!frame.confirmed) return false;
    row.owesAck = true;
    return true;
  }
  row.fCntDown = fCnt + 1;
  // Before anything is obeyed: a command may move the windows.
  const window = windowOf(mac, heard, classA);
  if (classA) {
    row.answered = true;
    row.adrAckCnt = 0;
    mind.sticky.length = 0;
  }
  if (frame.ack && mind.frame?.what?.confirmed) row.acknowledged = true;
  if (frame.confirmed) row.owesAck = true;
  if (frame.fPending) row.morePending = true;
  const payload =
    frame.fPort === undefined ? undefined : openPayload(frame, fCnt, frame.fPort === 0 ? session.nwk : session.app);
  const commands = frame.fPort === 0 ? payload! : frame.fOpts;
  if (commands.length > 0) obey(mac, readDownlinkCommands(commands).commands, heard.snrDb);
  port.report?.({ kind: 'heard', rssiDbm: heard.rssiDbm, snrDb: heard.snrDb });
  if (payload && frame.fPort! > 0)
    port.report?.({ kind: 'downlink', fPort: frame.fPort!, bytes: payload, window, heard, pending: frame.fPending });
  if (payload && frame.fPort! > 0) port.tell({ kind: 'downlink', fPort: frame.fPort!, bytes: payload });
  return true;
};
