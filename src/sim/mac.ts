import { pick, type Dice } from '../base/dice.js';
import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import { airtimeUs } from '../lorawan/airtime.js';
import { micOk, openPayload, parseFrame, sealData, widenFCnt } from '../lorawan/frame.js';
import { openJoinAccept, sealJoinRequest } from '../lorawan/join.js';
import { sessionKeys10 } from '../lorawan/keys.js';
import type { DataRate } from '../lorawan/radio.js';
import { dataRateOf, maxPayload, rx1DataRate, subBandIndex, type Region } from '../lorawan/region.js';
import type { SensorInput } from './behaviour.js';
import { macSession, phase, type MacMind, type MacRow, type MacSession, type Waiting } from './mac-state.js';

/** What the MAC can do beyond its own row and mind. */
export interface MacPort {
  readonly nowUs: Us;
  readonly dice: Dice;
  /** Chance that follows from seed, bay and count alone: DevNonces. */
  readonly nonce: (count: number) => number;
  readonly region: Region;
  wake(atUs: Us): void;
  transmit(frame: { phy: Uint8Array; freqHz: number; channel: number; dataRate: DataRate; endUs: Us }): void;
  /** What is in the air for this device in a window that opens now. */
  listen(freqHz: number, dataRate: DataRate): { readonly phy: Uint8Array; readonly endUs: Us } | undefined;
  tell(input: SensorInput): void;
}

/** A device of one row: its numbers, its mind and its port. Valid during one step. */
interface Mac {
  readonly row: MacRow;
  readonly mind: MacMind;
  readonly port: MacPort;
}

const ackTimeoutMs = { least: 1_000, most: 3_000 } as const;
const joinPauseMs = { least: 4_000, most: 16_000 } as const;

const between = (d: Dice, range: { readonly least: number; readonly most: number }): Us =>
  Math.round((range.least + d.next() * (range.most - range.least)) * usPerMs);

/** Begins the next thing there is to do, when the device is free: a join, or the oldest message. */
export const macKick = (mac: Mac): void => {
  const { row, mind } = mac;
  if (row.phase !== phase.idle) return;
  if (!mind.session) return startJoin(mac);
  const what = mind.queue.shift();
  if (!what) return;
  row.tries = 0;
  row.acknowledged = false;
  row.frameDataRate = rateFor(mac, what);
  mind.frame = { phy: seal(mac, what, mind.session), join: false, what };
  trySend(mac);
};

/** The lowest data rate, from the profile's up, in which the message fits. */
const rateFor = ({ mind, port }: Mac, what: Waiting): number => {
  let dr = mind.profile.dataRate;
  while (dr < 5 && maxPayload(port.region, dr) < what.bytes.length) dr++;
  return dr;
};

const seal = ({ row }: Mac, what: Waiting, session: MacSession): Uint8Array => {
  const ack = row.owesAck;
  row.owesAck = false;
  return sealData({
    uplink: true,
    confirmed: what.confirmed,
    devAddr: session.devAddr,
    ack,
    fCnt: row.fCntUp++,
    fPort: what.fPort,
    payload: what.bytes,
    nwkSKey: session.nwk,
    appSKey: session.app,
  });
};

const startJoin = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const { joinDataRates, lorawan } = mind.profile;
  row.devNonce = (lorawan === '1.0.4' ? row.nonces : port.nonce(row.nonces)) & 0xffff;
  row.nonces++;
  row.frameDataRate = joinDataRates[Math.min(row.joinTries, joinDataRates.length - 1)] ?? mind.profile.dataRate;
  row.joinTries++;
  const { joinEui, devEui } = mind.identity;
  mind.frame = {
    phy: sealJoinRequest({ joinEui, devEui, devNonce: row.devNonce, appKey: mind.appKey }),
    join: true,
  };
  trySend(mac);
};

/** Sends the current frame on a channel whose sub-band is free, or waits until one is. */
const trySend = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const frame = mind.frame!;
  const { region } = port;
  const dr = row.frameDataRate;
  const channels = region.channels.map((channel) => channel.freqHz).concat(frame.join ? [] : mind.extraHz);
  const freeAt = (freqHz: number): Us => mind.bandFreeUs[subBandIndex(region, freqHz)] ?? 0;
  const free = channels.filter((freqHz) => freeAt(freqHz) <= port.nowUs);
  if (free.length === 0) {
    row.phase = phase.waiting;
    port.wake(Math.min(...channels.map(freeAt)));
    return;
  }
  const freqHz = pick(port.dice, free);
  const dataRate = dataRateOf(region, dr)!;
  const airUs = airtimeUs({ dataRate, phyBytes: frame.phy.length });
  const band = subBandIndex(region, freqHz);
  const endUs = port.nowUs + airUs;
  // The classic rule, stricter than a sliding hour: off for T/d - T after each frame (LoRaWAN 1.0.2 §7, ETSI EN 300 220).
  mind.bandFreeUs[band] = endUs + Math.ceil(airUs * (1 / region.subBands[band]!.dutyCycle - 1));
  row.phase = phase.sending;
  row.freqHz = freqHz;
  row.txEndUs = endUs;
  row.tries++;
  row.frames++;
  port.transmit({ phy: frame.phy, freqHz, channel: channels.indexOf(freqHz), dataRate, endUs });
  port.wake(endUs);
};

/** The MAC's timer has come. */
export const macWake = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const { region } = port;
  const join = mind.frame?.join === true;
  const rx1DelayUs = join ? region.joinAcceptDelay1Ms * usPerMs : row.rx1DelayS * usPerSecond;
  switch (row.phase) {
    case phase.waiting:
      return mind.frame ? trySend(mac) : idle(mac);
    case phase.sending:
      row.phase = phase.rx1;
      return port.wake(row.txEndUs + rx1DelayUs);
    case phase.rx1: {
      const rate = dataRateOf(region, rx1DataRate(region, row.frameDataRate, join ? 0 : row.rx1DrOffset));
      if (openWindow(mac, row.freqHz, rate)) return;
      row.phase = phase.rx2;
      return port.wake(row.txEndUs + rx1DelayUs + usPerSecond);
    }
    case phase.rx2:
      if (openWindow(mac, region.rx2.freqHz, dataRateOf(region, join ? region.rx2.dr : row.rx2DataRate))) return;
      return windowsOver(mac);
    case phase.receiving: {
      const phy = mind.incoming!;
      mind.incoming = undefined;
      if (!(join ? acceptJoin(mac, phy) : takeDownlink(mac, phy))) {
        // Somebody else's frame was in our first window: the second is still ahead unless it took too long.
        const rx2Us = row.txEndUs + rx1DelayUs + usPerSecond;
        if (port.nowUs <= rx2Us) {
          row.phase = phase.rx2;
          return port.wake(rx2Us);
        }
      }
      return windowsOver(mac);
    }
    default:
      return;
  }
};

const openWindow = ({ row, mind, port }: Mac, freqHz: number, rate: DataRate | undefined): boolean => {
  const heard = rate && port.listen(freqHz, rate);
  if (!heard) return false;
  mind.incoming = heard.phy;
  row.phase = phase.receiving;
  port.wake(heard.endUs);
  return true;
};

/** Both windows are over: repeat, give up, or be done with this frame. */
const windowsOver = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const frame = mind.frame;
  if (frame?.join) {
    mind.frame = undefined;
    row.phase = phase.waiting;
    if (mind.session) return idle(mac);
    return port.wake(port.nowUs + between(port.dice, joinPauseMs));
  }
  const what = frame?.what;
  if (what?.confirmed && !row.acknowledged && row.tries < what.tries) {
    // LoRaWAN 1.0.2 §18.4: after every second try one data rate slower.
    if (
      row.tries % 2 === 0 &&
      row.frameDataRate > 0 &&
      maxPayload(port.region, row.frameDataRate - 1) >= what.bytes.length
    )
      row.frameDataRate--;
    row.phase = phase.waiting;
    return port.wake(port.nowUs + between(port.dice, ackTimeoutMs));
  }
  mind.frame = undefined;
  row.phase = phase.idle;
  if (what?.confirmed) port.tell({ kind: 'delivered', acknowledged: row.acknowledged });
  macKick(mac);
};

const idle = (mac: Mac): void => {
  mac.row.phase = phase.idle;
  macKick(mac);
};

const acceptJoin = ({ row, mind, port }: Mac, phy: Uint8Array): boolean => {
  const opened = openJoinAccept(phy, mind.appKey);
  if (!opened.ok) return false;
  const { joinNonce, netId, devAddr, rxDelayS, rx1DrOffset, rx2DataRate, cfList } = opened.value;
  const keys = sessionKeys10({ appKey: mind.appKey, joinNonce, netId, devNonce: row.devNonce });
  mind.session = macSession(devAddr, keys.nwkSKey, keys.appSKey);
  mind.extraHz = cfList ?? [];
  row.fCntUp = 0;
  row.fCntDown = 0;
  row.joinTries = 0;
  row.rx1DelayS = Math.max(1, rxDelayS);
  row.rx1DrOffset = rx1DrOffset;
  row.rx2DataRate = rx2DataRate;
  port.tell({ kind: 'joined' });
  return true;
};

const takeDownlink = ({ row, mind, port }: Mac, phy: Uint8Array): boolean => {
  const parsed = parseFrame(phy);
  const { session } = mind;
  if (!session || !parsed.ok || parsed.value.kind !== 'data' || parsed.value.uplink) return false;
  const frame = parsed.value;
  if (frame.devAddr !== session.devAddr) return false;
  const fCnt = widenFCnt(row.fCntDown, frame.fCnt16);
  if (fCnt < row.fCntDown || !micOk(frame, fCnt, session.nwk)) return false;
  row.fCntDown = fCnt + 1;
  if (frame.ack) row.acknowledged = true;
  if (frame.confirmed) row.owesAck = true;
  if (frame.fPort !== undefined && frame.fPort > 0)
    port.tell({ kind: 'downlink', fPort: frame.fPort, bytes: openPayload(frame, fCnt, session.app) });
  return true;
};

/** A life ends: what is in memory is lost, nonces and duty cycle stay. */
export const macReset = ({ row, mind }: Mac): void => {
  mind.session = undefined;
  mind.extraHz = [];
  mind.queue.length = 0;
  mind.frame = undefined;
  mind.incoming = undefined;
  row.phase = phase.idle;
  row.joinTries = 0;
  row.acknowledged = false;
  row.owesAck = false;
};
