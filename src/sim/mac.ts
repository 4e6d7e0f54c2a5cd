import type { Dice } from '../base/dice.js';
import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import type { DataRate } from '../lorawan/radio.js';
import { dataRateOf, maxPayload } from '../lorawan/region.js';
import type { DownlinkHeard } from './downlink-air.js';
import { exhausted, nextFrame, pendingBytes, rateFor } from './mac-frame.js';
import { acceptJoin, nextJoin } from './mac-join.js';
import type { Mac } from './mac-port.js';
import { takeDownlink } from './mac-receive.js';
import { overhead, rx2UsOf, sendableUs, trySend } from './mac-send.js';
import { forgetSettings, phase, type MacMind } from './mac-state.js';

/** RETRANSMIT_TIMEOUT of RP002. */
const retryPauseMs = { least: 1_000, most: 3_000 } as const;
const joinPauseMs = { least: 4_000, most: 16_000 } as const;

const between = (d: Dice, range: { readonly least: number; readonly most: number }): Us =>
  Math.round((range.least + d.next() * (range.most - range.least)) * usPerMs);

/** Begins the next thing there is to do, when the device is free: a join, or the oldest message. */
export const macKick = (mac: Mac): void => {
  const { row, mind, port } = mac;
  if (row.phase !== phase.idle || mind.rxc) return;
  if (mind.session && exhausted(row)) {
    // The last counter is used up: a device that joins gets new keys, any other must be silent for ever.
    if (!mind.otaa) {
      if (mind.queue.length > 0) port.note('counter-exhausted');
      mind.queue.length = 0;
      return;
    }
    mind.session = undefined;
  }
  if (!mind.session && mind.orders && !mind.orders.join) return;
  // Nobody waits an hour for a modem to say thank you: what it owes its network rides with the next message then.
  if (mind.session && mind.orders && mind.queue.length === 0 && mustWait(mac)) return;
  if (mind.session ? nextFrame(mac, mind.session) : nextJoin(mac)) trySend(mac);
  else if (!mind.session) orderedJoinOver(mac);
};

const mustWait = (mac: Mac): boolean => {
  const dr = rateFor(mac, 0) ?? mac.row.dataRate;
  return sendableUs(mac, { join: false, dr, phyBytes: overhead + pendingBytes(mac) }) > mac.port.nowUs;
};

/** A join that was ordered has had no accept; whether there is another one is up to whoever ordered it. */
const orderedJoinOver = ({ mind, port }: Mac): void => {
  if (!mind.orders) return;
  mind.orders.join = false;
  port.report?.({ kind: 'join-failed' });
};

/** The MAC's timer has come. */
export const macWake = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const { region } = port;
  const join = mind.frame?.join === true;
  const rx2Us = rx2UsOf(mac);
  const rx1Us = rx2Us - usPerSecond;
  switch (row.phase) {
    case phase.waiting:
      // A class C device that is hearing something hears it to its end.
      if (mind.rxc) return port.wake(mind.rxc.flight.endUs + 1);
      if (!mind.frame) return idle(mac);
      return isOver(mac) ? frameOver(mac) : trySend(mac);
    case phase.sending:
      row.phase = phase.rx1;
      return port.wake(rx1Us);
    case phase.rx1:
      // In class C the first window takes precedence over whatever else is being heard.
      mind.rxc = undefined;
      if (openWindow(mac, row.rx1Hz, dataRateOf(region, row.rx1DataRate))) return;
      row.phase = phase.rx2;
      return port.wake(rx2Us);
    case phase.rx2:
      if (mind.rxc) {
        mind.incoming = mind.rxc;
        mind.rxc = undefined;
        row.phase = phase.receiving;
        return port.wake(mind.incoming.flight.endUs);
      }
      if (
        openWindow(
          mac,
          join ? region.rx2.freqHz : row.rx2Hz,
          dataRateOf(region, join ? region.rx2.dr : row.rx2DataRate),
        )
      )
        return;
      return windowsOver(mac);
    case phase.receiving: {
      const heard = mind.incoming && port.finish(mind.incoming);
      mind.incoming = undefined;
      const taken =
        heard !== undefined && (join ? acceptJoin(mac, heard.phy) : takeDownlink(mac, heard, { classA: true }));
      if (taken && join) port.report?.({ kind: 'heard', rssiDbm: heard.rssiDbm, snrDb: heard.snrDb });
      // Somebody else's frame, or a spoilt one, was in our first window: the second is still ahead unless it took too long.
      if (!taken && port.nowUs <= rx2Us) {
        row.phase = phase.rx2;
        return port.wake(rx2Us);
      }
      return windowsOver(mac);
    }
    default:
      return;
  }
};

const openWindow = ({ row, mind, port }: Mac, freqHz: number, rate: DataRate | undefined): boolean => {
  if (isDeaf(mind)) return false;
  const lock = rate && port.tune(freqHz, rate);
  if (!lock) return false;
  mind.incoming = lock;
  row.phase = phase.receiving;
  port.wake(lock.flight.endUs);
  return true;
};

/** With the sync word of private networks no downlink of a public gateway is heard either. */
const isDeaf = ({ orders }: MacMind): boolean => orders?.publicNetwork === false;

/** What a class C device listens to now, besides its windows: undefined when its radio is busy. */
export const rxcWindow = ({
  row,
  mind,
  port,
}: Mac): { readonly freqHz: number; readonly dataRate: DataRate } | undefined => {
  if (mind.profile.deviceClass !== 'C' || !mind.session || isDeaf(mind)) return undefined;
  const open =
    row.phase === phase.idle || row.phase === phase.waiting || row.phase === phase.rx1 || row.phase === phase.rx2;
  const dataRate = open ? dataRateOf(port.region, row.rx2DataRate) : undefined;
  return dataRate && { freqHz: row.rx2Hz, dataRate };
};

/** A class C reception has ended, with what was understood of it. */
export const macRxc = (mac: Mac, heard: DownlinkHeard | undefined): void => {
  mac.mind.rxc = undefined;
  if (heard) takeDownlink(mac, heard, { classA: false });
};

/**
 * Whether a confirmed frame has had its end. From 1.0.4 on NbTrans rules it as well, and any downlink in its windows ends
 * it; before, the number is the device's own choice.
 */
const isOver = ({ row, mind }: Mac): boolean => {
  const what = mind.frame?.what;
  if (!what?.confirmed) return false;
  if (mind.profile.lorawan !== '1.0.4') return row.acknowledged || row.tries >= what.tries;
  return row.acknowledged || row.answered || row.tries >= row.nbTrans;
};

/** Both windows are over: repeat, give up, or be done with this frame. */
const windowsOver = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const frame = mind.frame;
  if (!frame) return idle(mac);
  if (frame.join) {
    mind.frame = undefined;
    row.phase = phase.waiting;
    if (mind.session) return idle(mac);
    // Drawn by everybody: the dice of a device that is told when to join stand where those of a sensor would.
    const againUs = port.nowUs + between(port.dice, joinPauseMs);
    if (mind.orders) {
      orderedJoinOver(mac);
      return idle(mac);
    }
    port.note('waits-join-retry', againUs);
    return port.wake(againUs);
  }
  if (frame.what?.confirmed) {
    const old = mind.profile.lorawan !== '1.0.4';
    const over = isOver(mac);
    // From 1.0.4 on, who waits for an acknowledgement in vain waits RETRANSMIT_TIMEOUT before a new frame as well (§4.3.1.3).
    if (over && (old || row.acknowledged)) return frameOver(mac);
    if (old) slowDown(mac, frame.phy.length - 13);
    row.phase = phase.waiting;
    // It counts from the second window on, also when a downlink without an acknowledgement came in the first.
    const rx2Us = row.txEndUs + (row.rx1DelayS + 1) * usPerSecond;
    const againUs = Math.max(port.nowUs, rx2Us) + between(port.dice, retryPauseMs);
    if (!over) port.note('waits-retry', againUs);
    return port.wake(againUs);
  }
  if (!row.answered && row.tries < row.nbTrans) return trySend(mac);
  return frameOver(mac);
};

/** LoRaWAN 1.0.2 §18.4: after every second try one data rate slower. */
const slowDown = ({ row, port }: Mac, bytes: number): void => {
  const slower = row.frameDataRate - 1;
  if (row.tries % 2 === 0 && slower >= port.region.uplinkDrs.min && maxPayload(port.region, slower) >= bytes)
    row.frameDataRate = slower;
};

const frameOver = (mac: Mac): void => {
  const { row, mind, port } = mac;
  const what = mind.frame?.what;
  mind.frame = undefined;
  row.phase = phase.idle;
  if (what?.confirmed) {
    if (!row.acknowledged) port.note('given-up');
    port.tell({ kind: 'delivered', acknowledged: row.acknowledged });
  } else if (what) port.report?.({ kind: 'sent' });
  if (port.report) unanswered(mac);
  macKick(mac);
};

/** What was asked with a frame is answered in its windows or never. */
const unanswered = ({ row, port }: Mac): void => {
  if (row.awaitsLinkCheck) port.report?.({ kind: 'unanswered', what: 'link-check' });
  if (row.awaitsTime) port.report?.({ kind: 'unanswered', what: 'time' });
  row.awaitsLinkCheck = false;
  row.awaitsTime = false;
};

const idle = (mac: Mac): void => {
  mac.row.phase = phase.idle;
  macKick(mac);
};

/**
 * A life begins: what was in memory is lost; nonces, counters and what was spent of the duty cycle stay. A session stays
 * where it is kept in flash, as an ABP device does; else the device must join.
 */
export const macBoot = ({ row, mind, port }: Mac, { keepSession }: { readonly keepSession: boolean }): void => {
  if (!keepSession) {
    mind.session = undefined;
    // With them the answers that are repeated until they have arrived: who keeps the settings keeps those as well.
    forgetSettings(row, mind, port.region);
  }
  if (mind.orders) mind.orders.join = false;
  mind.queue.length = 0;
  mind.answers.length = 0;
  mind.frame = undefined;
  mind.incoming = undefined;
  mind.rxc = undefined;
  Object.assign(row, {
    phase: phase.idle,
    bootUs: port.nowUs,
    joinPeriod: 0,
    joinAirUs: 0,
    joinTries: 0,
    acknowledged: false,
    answered: false,
    owesAck: false,
    morePending: false,
    toldAlone: false,
    wantsLinkCheck: false,
    wantsTime: false,
    awaitsLinkCheck: false,
    awaitsTime: false,
  } satisfies Partial<typeof row>);
};
