// Joins and rejoins, explained as far as the keys reach.
import { must, problem, StellwerkError } from '../base/problem.js';
import { aesKey } from '../lorawan/aes.js';
import type { Frame, JoinRequest } from '../lorawan/frame.js';
import { devAddrText } from '../lorawan/ids.js';
import { acceptSaysOptNeg, joinRequestMicOk, openJoinAccept } from '../lorawan/join.js';
import { joinServerKeys } from '../lorawan/keys11.js';
import { rejoinMicOk, type RejoinRequest } from '../lorawan/rejoin.js';
import { bitsText } from '../report/mac-words.js';
import { micText, need, rows, type FrameExplained } from './explained.js';
import type { GivenKeys } from './keys.js';

const netIdText = (netId: number): string => netId.toString(16).padStart(6, '0');

/** A join request: who asks whom, and whether the AppKey has signed it. */
export const explainJoinRequest = (frame: JoinRequest, { appKey }: GivenKeys, id: string): FrameExplained => {
  const verdict = appKey ? (joinRequestMicOk(frame, aesKey(appKey)) ? 'ok' : 'wrong') : 'unchecked';
  const { joinEui, devEui, devNonce } = frame;
  return {
    json: { id, type: 'join-request', joinEui, devEui, devNonce, mic: { value: micText(frame.mic), verdict } },
    lines: [
      `join-request (frame ${id})`,
      ...rows([
        ['JoinEUI', joinEui],
        ['DevEUI', devEui],
        ['DevNonce', devNonce],
        ['MIC', `${micText(frame.mic)} ${verdict}`],
      ]),
    ],
    ...(verdict === 'wrong' && { failed: problem('mic-mismatch') }),
    ...(verdict === 'unchecked' && { failed: need(['appKey'], 'join request') }),
  };
};

/** What a rejoin of each type is for (LoRaWAN 1.1 §6.2.4). */
const rejoinWords = [
  'anew, radio parameters and all',
  'to be found again by any network',
  'for new keys only',
] as const;

/**
 * A rejoin request. Type 1 is signed with the JSIntKey, which follows from the NwkKey (given as appKey); types 0 and 2
 * with the SNwkSIntKey of the session (given as nwkSKey).
 */
export const explainRejoin = (frame: RejoinRequest, keys: GivenKeys, id: string): FrameExplained => {
  const { rejoinType, devEui, rjCount } = frame;
  const named = rejoinType === 1 ? 'appKey' : 'nwkSKey';
  const given = keys[named];
  const key = given && (rejoinType === 1 ? joinServerKeys(aesKey(given), devEui).jsIntKey : given);
  const verdict = key ? (rejoinMicOk(frame, aesKey(key)) ? 'ok' : 'wrong') : 'unchecked';
  const to = rejoinType === 1 ? { joinEui: frame.joinEui } : { netId: netIdText(frame.netId) };
  return {
    json: {
      id,
      type: 'rejoin-request',
      rejoinType,
      ...to,
      devEui,
      rjCount,
      mic: { value: micText(frame.mic), verdict },
    },
    lines: [
      `rejoin-request (frame ${id})`,
      ...rows([
        ['type', `${rejoinType}: LoRaWAN 1.1, ${rejoinWords[rejoinType]}`],
        ['NetID', to.netId],
        ['JoinEUI', to.joinEui],
        ['DevEUI', devEui],
        [rejoinType === 1 ? 'RJcount1' : 'RJcount0', rjCount],
        ['MIC', `${micText(frame.mic)} ${verdict}`],
      ]),
    ],
    ...(verdict === 'wrong' && { failed: problem('mic-mismatch') }),
    ...(verdict === 'unchecked' && { failed: need([named], 'rejoin request') }),
  };
};

/** A join accept, opened with the AppKey. Throws the problem when it does not open: then nothing of it can be shown. */
export const explainJoinAccept = (frame: Frame, { appKey }: GivenKeys, id: string): FrameExplained => {
  if (!appKey) throw new StellwerkError(need(['appKey'], 'join accept'));
  const key = aesKey(appKey);
  const opened = openJoinAccept(frame.phy, key);
  if (!opened.ok && acceptSaysOptNeg(frame.phy, key)) throw new StellwerkError(problem('accept-of-lorawan-11'));
  const { devAddr, netId, channelMasks, ...accept } = must(opened);
  const json = { id, type: 'join-accept', devAddr: devAddrText(devAddr), netId: netIdText(netId), ...accept };
  const masks =
    channelMasks?.map((mask, i) => [`channels ${16 * i} to ${16 * i + 15}`, `${bitsText(mask, 16 * i)} on`] as const) ??
    [];
  return {
    json: { ...json, ...(channelMasks && { channelMasks }), mic: { verdict: 'ok' } },
    lines: [`join-accept (frame ${id})`, ...rows([...Object.entries(json).slice(2), ...masks]), '  MIC ok'],
  };
};
