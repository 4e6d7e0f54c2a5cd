import { toHex } from '../base/hex.js';
import { must, problem, type Problem } from '../base/problem.js';
import { aesKey } from '../lorawan/aes.js';
import { micHalfOk11 } from '../lorawan/frame11.js';
import { frameId, micOk, openPayload, parseFrame, type DataFrame } from '../lorawan/frame.js';
import { devAddrText } from '../lorawan/ids.js';
import { readDownlinkCommands, readUplinkCommands } from '../lorawan/mac-commands.js';
import { refereeOpen } from '../lorawan/referee.js';
import { macJson, macLines } from '../report/explain-mac.js';
import { typedFrame } from './bytes.js';
import { explainJoinAccept, explainJoinRequest, explainRejoin } from './explain-join.js';
import { micText, need, rows, type FrameExplained } from './explained.js';
import { givenKeys, type GivenKeys } from './keys.js';
import type { Shell } from './shell.js';

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
      : frame.kind === 'join-request' || frame.kind === 'rejoin-request'
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
    case 'rejoin-request':
      return { ...named, ...explainRejoin(frame, keys, id) };
    case 'proprietary':
      return { json: { id, type: frame.kind, bytes: phy.length }, lines: [`${frame.kind}, ${phy.length} bytes`] };
  }
};

const noBytes = new Uint8Array(0);
/** Upper halves that are tried when the MIC is wrong: a sensor that sends every minute needs 30 years for more. */
const mostHalves = 256;

/** The MIC is wrong; perhaps only because the frame carries half of its counter. */
const wrongMic = (frame: DataFrame, fCnt: number, keys: GivenKeys): Problem => {
  const key = aesKey(keys.nwkSKey!);
  if (micHalfOk11(frame, fCnt, key)) return problem('mic-of-lorawan-11');
  for (let high = 0; high < mostHalves; high++) {
    const right = high * 0x10000 + frame.fCnt16;
    if (right !== fCnt && micOk(frame, right, key)) return problem('mic-other-half', { fCnt, right, high });
  }
  return problem('mic-mismatch');
};

const disagreement = (second: { readonly micOk: boolean; readonly payload: Uint8Array }, payload: string): string =>
  `lora-packet says that the MIC is ${second.micOk ? 'right' : 'wrong'} and the payload is ${toHex(second.payload)}, we have ${payload}`;

/** The MAC commands of a frame: FOpts are in clear (in LoRaWAN 1.0), port 0 must have been opened. */
const explainCommands = (
  frame: DataFrame,
  payload: Uint8Array | undefined,
): { readonly json: object; readonly lines: readonly string[] } => {
  const onPort0 = frame.fPort === 0 && payload !== undefined && payload.length > 0;
  if (!onPort0 && frame.fOpts.length === 0) return { json: {}, lines: [] };
  const bytes = onPort0 ? payload : frame.fOpts;
  const list = frame.uplink ? readUplinkCommands(bytes) : readDownlinkCommands(bytes);
  return {
    json: { macCommands: { in: onPort0 ? 'port 0' : 'FOpts', ...macJson(list) } },
    lines: [
      `MAC commands ${onPort0 ? 'on port 0' : 'in FOpts'}`,
      ...macLines(bytes, list),
      ...(list.problem && !onPort0 ? ['  (in a session of LoRaWAN 1.1 FOpts are encrypted, and this is no list)'] : []),
    ],
  };
};

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
  const commands = explainCommands(frame, payload);
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
    ...commands.json,
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
      ...commands.lines,
    ],
    ...(payload &&
      frame.fPort !== undefined &&
      mic === 'ok' && { opened: { fPort: frame.fPort, payload, uplink: frame.uplink } }),
    ...(failed && { failed }),
  };
};
