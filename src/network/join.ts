import { sha256Bytes } from '../base/digest.js';
import { usPerSecond, type Us } from '../base/time.js';
import type { JoinRequest } from '../lorawan/frame.js';
import { joinRequestMicOk, sealJoinAccept, type JoinAccept } from '../lorawan/join.js';
import { sessionKeys10 } from '../lorawan/keys.js';
import type { DevAddr } from '../lorawan/ids.js';
import type { Entry } from './registry.js';
import { viewAfterJoin } from './mac-view.js';
import { newSession } from './session.js';
import type { NetworkSettings } from './settings.js';

export type JoinRefusal = 'join-eui-mismatch' | 'mic-mismatch' | 'dev-nonce-used' | 'join-flood' | 'unsupported-type';

/** A DevAddr that follows from the device and its JoinNonce, never from the order in which devices join. */
export const devAddrFor = (netId: number, devEui: string, joinNonce: number): DevAddr => {
  const [a, b, c, d] = sha256Bytes(`devaddr ${devEui} ${joinNonce}`, 4) as unknown as [number, number, number, number];
  // NetID type 0: one zero bit, six bits of NwkID, 25 bits of ours (Backend Interfaces 1.0 §13).
  return (((netId & 0x3f) << 25) | ((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) & 0x1ffffff)) >>> 0;
};

/**
 * The accept for a join request, sealed; writes nonces and the pending session into the entry's memory.
 * The MIC is checked before a nonce is burnt: a stranger must not be able to use up somebody's nonces.
 */
export const answerJoin = (
  entry: Entry,
  request: JoinRequest,
  how: { readonly settings: NetworkSettings; readonly atUs: Us },
): { readonly accept: Uint8Array; readonly devAddr: DevAddr } | JoinRefusal => {
  const { settings } = how;
  const { device, memory } = entry;
  if (device.activation.kind !== 'otaa') return 'unsupported-type';
  const { appKey, joinEui } = device.activation;
  if (!joinRequestMicOk(request, appKey)) return 'mic-mismatch';
  if (joinEui !== undefined && joinEui !== request.joinEui) return 'join-eui-mismatch';
  // Old requests, repeated by whoever heard them, must not use up the joins of their device.
  if (isUsed(entry, request.devNonce)) return 'dev-nonce-used';
  if (!mayJoin(entry.joins, how.atUs)) return 'join-flood';
  burn(entry, request.devNonce);
  // At least the clock: whoever lost his memory would begin at zero again, and a recorded join would bring old keys back.

  memory.joinNonce = (Math.max(memory.joinNonce, clockNonce(how.atUs)) + 1) & 0xffffff;
  const { netId } = settings;
  const devAddr = devAddrFor(netId, device.devEui, memory.joinNonce);
  const keys = sessionKeys10({ appKey, joinNonce: memory.joinNonce, netId, devNonce: request.devNonce });
  memory.pending = { ...newSession(devAddr, keys), view: viewAfterJoin(settings) };
  // A device that joins does not listen under its old keys: nothing goes that way unless it speaks under them again.
  if (memory.session) memory.session.heardBy = [];
  const accept: JoinAccept = {
    joinNonce: memory.joinNonce,
    netId,
    devAddr,
    optNeg: false,
    rx1DrOffset: settings.rx1DrOffset,
    rx2DataRate: settings.rx2DataRate,
    rxDelayS: settings.rx1DelayS,
    cfList: settings.extraChannelsHz,
  };
  return { accept: sealJoinAccept(accept, appKey), devAddr };
};

/** Half minutes since 2026: enough for sixteen years of 24 bits. */
const clockNonce = (atUs: Us): number => Math.max(0, Math.floor((atUs - firstUs) / (30 * usPerSecond))) % 0xffffff;
const firstUs: Us = 1_767_225_600 * usPerSecond;

/** A device that is new at its place tries a few times in a row; one that never stops must not use up the air of all. */
const joinsInARow = 10;
const joinPauseUs = 60 * usPerSecond;

/** A bucket of joins: `joinsInARow` at once, then one in a minute. A refused one takes nothing. */
const mayJoin = (joins: Entry['joins'], atUs: Us): boolean => {
  joins.debtUs = Math.max(0, joins.debtUs - Math.max(0, atUs - joins.atUs));
  joins.atUs = atUs;
  if (joins.debtUs + joinPauseUs > joinsInARow * joinPauseUs) return false;
  joins.debtUs += joinPauseUs;
  return true;
};

const isUsed = ({ device, memory }: Entry, devNonce: number): boolean => {
  if (device.lorawan !== '1.0.4') return memory.devNonces.has(devNonce);
  // There are several when the device was registered under an older version.
  for (const used of memory.devNonces) if (used >= devNonce) return true;
  return false;
};

const burn = ({ device, memory: { devNonces } }: Entry, devNonce: number): void => {
  if (device.lorawan === '1.0.4') devNonces.clear();
  devNonces.add(devNonce);
};
