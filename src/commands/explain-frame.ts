import { toHex } from '../base/hex.js';
import { must, problem, StellwerkError, type Problem } from '../base/problem.js';
import { aesKey } from '../lorawan/aes.js';
import {
  frameId,
  micOk,
  openPayload,
  parseFrame,
  type DataFrame,
  type Frame,
  type JoinRequest,
} from '../lorawan/frame.js';
import { devAddrText } from '../lorawan/ids.js';
import { joinRequestMicOk, openJoinAccept } from '../lorawan/join.js';
import { refereeOpen } from '../lorawan/referee.js';
import { textTable } from '../report/table.js';
import { typedFrame } from './bytes.js';
import { givenKeys, keyVariables, type GivenKeys } from './keys.js';
import type { Shell } from './shell.js';

/** A frame, explained as far as the keys reach. */
export interface FrameExplained {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  /** The payload in clear, when the MIC was right and the key was there. */
  readonly opened?: { readonly fPort: number; readonly payload: Uint8Array; readonly uplink: boolean };
  /** The sensor model that the keys file names for the sender. */
  readonly model?: string;
  /** Why the command fails all the same: the MIC is wrong, or a key is missing. */
  readonly failed?: Problem;
}

const need = (keys: readonly (keyof typeof keyVariables)[], frame: string): Problem =>
  problem('keys-missing', {
    need: keys.join(' and '),
    frame,
    variables: keys.map((key) => keyVariables[key]).join(', '),
  });

const rows = (pairs: readonly (readonly [string, unknown])[]): readonly string[] =>
  textTable(
    pairs.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
    { indent: '  ' },
  );

const micText = (mic: number): string => toHex(Uint8Array.of(mic, mic >>> 8, mic >>> 16, mic >>> 24));

/** Explains a PHYPayload; keys come from a file, standard input or the environment. */
export const explainFrame = async (
  text: string,
  how: { readonly keysFile: string | undefined; readonly fCntHigh: number; readonly shell: Shell },
): Promise<FrameExplained> => {
  const phy = must(typedFrame(text, 'the frame'));
  const frame = must(parseFrame(phy));
  const who =
    frame.kind === 'data'
      ? { devAddr: devAddrText(frame.devAddr) }
      : frame.kind === 'join-request'
        ? { devEui: frame.devEui }
        : {};
  const { keys, model } = await givenKeys(how.keysFile, who, how.shell);
  const named = model === undefined ? {} : { model };
  const id = frameId(phy);
  switch (frame.kind) {
    case 'data':
      return { ...named, ...explainData(frame, { fCnt: how.fCntHigh * 0x10000 + frame.fCnt16, keys, id }) };
    case 'join-request':
      return explainJoinRequest(frame, keys, id);
    case 'join-accept':
      return explainJoinAccept(frame, keys, id);
    default:
      return { json: { id, type: frame.kind, bytes: phy.length }, lines: [`${frame.kind}, ${phy.length} bytes`] };
  }
};

const noBytes = new Uint8Array(0);
/** Upper halves that are tried when the MIC is wrong: a sensor that sends every minute needs 30 years for more. */
const mostHalves = 256;

/** The MIC is wrong; perhaps only because the frame carries half of its counter. */
const wrongMic = (frame: DataFrame, fCnt: number, keys: GivenKeys): Problem => {
  const key = aesKey(keys.nwkSKey!);
  for (let high = 0; high < mostHalves; high++) {
    const right = high * 0x10000 + frame.fCnt16;
    if (right !== fCnt && micOk(frame, right, key)) return problem('mic-other-half', { fCnt, right, high });
  }
  return problem('mic-mismatch');
};

const disagreement = (second: { readonly micOk: boolean; readonly payload: Uint8Array }, payload: string): string =>
  `lora-packet says that the MIC is ${second.micOk ? 'right' : 'wrong'} and the payload is ${toHex(second.payload)}, we have ${payload}`;

const explainData = (
  frame: DataFrame,
  { fCnt, keys, id }: { readonly fCnt: number; readonly keys: GivenKeys; readonly id: string },
): FrameExplained => {
  const mic = keys.nwkSKey ? (micOk(frame, fCnt, aesKey(keys.nwkSKey)) ? 'ok' : 'wrong') : 'unchecked';
  /** Only the AppSKey opens it. */
  const sealed = frame.fPort !== undefined && frame.fPort > 0 && frame.payload.length > 0;
  const payloadKey = frame.fPort === 0 ? keys.nwkSKey : keys.appSKey;
  const payload =
    frame.fPort !== undefined && payloadKey && mic !== 'wrong'
      ? openPayload(frame, fCnt, aesKey(payloadKey))
      : undefined;
  const second =
    keys.nwkSKey && keys.appSKey
      ? refereeOpen(frame, fCnt, { nwkSKey: keys.nwkSKey, appSKey: keys.appSKey })
      : undefined;
  const disagrees =
    second && (second.micOk !== (mic === 'ok') || (payload && toHex(second.payload) !== toHex(payload)));
  const flags = (['adr', 'adrAckReq', 'ack', 'classB', 'fPending'] as const).filter((flag) => frame[flag]);
  const json = {
    id,
    type: frame.mType,
    devAddr: devAddrText(frame.devAddr),
    fCnt,
    flags,
    fOpts: toHex(frame.fOpts),
    ...(frame.fPort !== undefined && { fPort: frame.fPort }),
    encrypted: toHex(frame.payload),
    ...(payload && { payload: toHex(payload) }),
    mic: { value: micText(frame.mic), verdict: mic },
    ...(second && { referee: disagrees ? 'disagrees' : 'agrees' }),
  };
  const wanted = [
    ...(keys.nwkSKey ? [] : ['nwkSKey' as const]),
    ...(sealed && !keys.appSKey ? ['appSKey' as const] : []),
  ];
  const failed = disagrees
    ? problem('referee-disagrees', { what: disagreement(second, toHex(payload ?? noBytes)) })
    : mic === 'wrong'
      ? wrongMic(frame, fCnt, keys)
      : wanted.length > 0
        ? need(wanted, 'frame')
        : undefined;
  return {
    json,
    lines: [
      `${frame.mType} (frame ${id})`,
      ...rows([
        ['DevAddr', json.devAddr],
        ['FCnt', fCnt],
        ['FCtrl', flags.join(' ') || 'no flags'],
        ['FOpts', json.fOpts || undefined],
        ['FPort', frame.fPort ?? 'none'],
        ['payload', payload ? `${toHex(payload)} (decrypted)` : `${json.encrypted} (encrypted)`],
        ['MIC', `${json.mic.value} ${mic}`],
        ['lora-packet', second && (disagrees ? 'DISAGREES' : 'agrees')],
      ]),
    ],
    ...(payload &&
      frame.fPort !== undefined &&
      mic === 'ok' && { opened: { fPort: frame.fPort, payload, uplink: frame.uplink } }),
    ...(failed && { failed }),
  };
};

const explainJoinRequest = (frame: JoinRequest, { appKey }: GivenKeys, id: string): FrameExplained => {
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

const explainJoinAccept = (frame: Frame, { appKey }: GivenKeys, id: string): FrameExplained => {
  if (!appKey) throw new StellwerkError(need(['appKey'], 'join accept'));
  const { devAddr, netId, ...accept } = must(openJoinAccept(frame.phy, aesKey(appKey)));
  const json = {
    id,
    type: 'join-accept',
    devAddr: devAddrText(devAddr),
    netId: netId.toString(16).padStart(6, '0'),
    ...accept,
  };
  return {
    json: { ...json, mic: { verdict: 'ok' } },
    lines: [`join-accept (frame ${id})`, ...rows(Object.entries(json).slice(2)), '  MIC ok'],
  };
};
