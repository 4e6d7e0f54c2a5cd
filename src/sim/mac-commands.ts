import { withDlChannel, withLinkAdr, withNewChannel, withRxParams } from '../lorawan/channel-plan.js';
import { deviceTimeUs } from '../lorawan/device-time.js';
import type { CommandOf, DownlinkCommand, UplinkCommand } from '../lorawan/mac-command.js';
import type { Mac } from './mac-port.js';

/** More answers than this wait for no uplink: what a network asks beyond it is not done. */
const mostAnswers = 32;

/**
 * Does what a network asks and keeps the answers for the next uplink. `snrDb` is how well the request was heard.
 * A command of LoRaWAN 1.1 or of class B ends the list, as an unknown one does: a 1.0 device cannot know its length.
 */
export const obey = (mac: Mac, commands: readonly DownlinkCommand[], snrDb: number): void => {
  const { answers, sticky } = mac.mind;
  for (let i = 0; i < commands.length;) {
    if (answers.length + sticky.length >= mostAnswers) return;
    const command = commands[i]!;
    if (command.kind === 'link-adr-req') {
      let end = i;
      while (commands[end]?.kind === 'link-adr-req') end++;
      obeyLinkAdr(mac, commands.slice(i, end) as CommandOf<'link-adr-req'>[]);
      i = end;
      continue;
    }
    if (!obeyOne(mac, command, snrDb)) return;
    i++;
  }
};

/** A block is done as a whole or not at all, and each of its requests has the same answer (1.0.4 §5.2). */
const obeyLinkAdr = ({ row, mind, port }: Mac, requests: readonly CommandOf<'link-adr-req'>[]): void => {
  const { plan, answers, profile } = mind;
  const { dataRate, txPower, nbTrans } = row;
  const before = { plan, dataRate, txPower, nbTrans, adr: profile.adr !== false };
  const { answer, state } = withLinkAdr(port.region, before, requests);
  mind.plan = state.plan;
  row.dataRate = state.dataRate;
  row.txPower = state.txPower;
  row.nbTrans = state.nbTrans;
  for (const _ of requests) answers.push({ kind: 'link-adr-ans', ...answer });
};

/** Does one command; false when the device does not know it. */
const obeyOne = (mac: Mac, command: Exclude<DownlinkCommand, CommandOf<'link-adr-req'>>, snrDb: number): boolean => {
  const { row, mind, port } = mac;
  const { region } = port;
  const answer = (what: UplinkCommand): void => void mind.answers.push(what);
  // Both ends must agree on when and where a window opens: these answers are repeated until a downlink shows they arrived.
  const insist = (what: UplinkCommand): void => void mind.sticky.push(what);
  switch (command.kind) {
    case 'duty-cycle-req':
      row.dutyExponent = command.exponent & 15;
      answer({ kind: 'duty-cycle-ans' });
      return true;
    case 'rx-param-setup-req': {
      const said = withRxParams(region, command);
      if (said.channelOk && said.rx2DataRateOk && said.rx1DrOffsetOk) {
        row.rx1DrOffset = command.rx1DrOffset;
        row.rx2DataRate = command.rx2DataRate;
        row.rx2Hz = command.freqHz;
      }
      insist({ kind: 'rx-param-setup-ans', ...said });
      return true;
    }
    case 'rx-timing-setup-req':
      row.rx1DelayS = Math.max(1, command.delayS);
      insist({ kind: 'rx-timing-setup-ans' });
      return true;
    case 'dev-status-req':
      answer({ kind: 'dev-status-ans', battery: batteryOf(mac), marginDb: clamp(Math.round(snrDb), -32, 31) });
      return true;
    case 'new-channel-req': {
      // A fixed plan has no new channels: such a device does not answer at all (1.0.4 §5.6).
      if (region.channelPlan === 'fixed') return true;
      const { plan, ...said } = withNewChannel(region, mind.plan, command);
      mind.plan = plan;
      answer({ kind: 'new-channel-ans', ...said });
      return true;
    }
    case 'dl-channel-req': {
      if (region.channelPlan === 'fixed') return true;
      const { plan, ...said } = withDlChannel(region, mind.plan, command);
      mind.plan = plan;
      insist({ kind: 'dl-channel-ans', ...said });
      return true;
    }
    case 'tx-param-setup-req':
      // Only regions with dwell times that can be switched answer it (RP002); none of ours is one.
      return true;
    case 'link-check-ans':
      if (row.awaitsLinkCheck)
        port.tell({ kind: 'link-checked', marginDb: command.marginDb, gateways: command.gateways });
      row.awaitsLinkCheck = false;
      return true;
    case 'device-time-ans': {
      // The network tells the time of our uplink's end; since then the clock has moved on.
      const thenUs = deviceTimeUs(command);
      if (row.awaitsTime) port.tell({ kind: 'time', networkUs: thenUs + port.nowUs - row.txEndUs });
      row.awaitsTime = false;
      return true;
    }
    default:
      return false;
  }
};

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** As DevStatusAns says it: 0 for external power, 1 for an empty battery, 254 for a full one. */
const batteryOf = ({ mind, port }: Mac): number =>
  mind.profile.power === 'external' ? 0 : 1 + Math.round(clamp(port.charge, 0, 1) * 253);
