import type { MacCommand } from '../lorawan/mac-command.js';

const freqText = (freqHz: number, zero: string): string => (freqHz === 0 ? zero : `${(freqHz / 1e6).toFixed(4)} MHz`);

/** `data rate and power accepted, channel mask refused`. */
const verdicts = (parts: Readonly<Record<string, boolean>>): string => {
  const named = (yes: boolean): string =>
    Object.entries(parts)
      .filter(([, value]) => value === yes)
      .map(([name]) => name)
      .join(', ');
  const groups = [
    [named(true), 'accepted'],
    [named(false), 'refused'],
  ] as const;
  return groups
    .filter(([names]) => names !== '')
    .map(([names, verdict]) => `${names} ${verdict}`)
    .join('; ');
};

/** `0 to 7, 9`: the set bits of a mask of 16, counted from `first`. */
export const bitsText = (mask: number, first = 0): string => {
  const runs: string[] = [];
  for (let from = 0; from < 16; from++) {
    if (((mask >> from) & 1) === 0) continue;
    let to = from;
    while (to < 15 && ((mask >> (to + 1)) & 1) === 1) to++;
    runs.push(from === to ? `${first + from}` : `${first + from} to ${first + to}`);
    from = to;
  }
  return runs.length === 0 ? 'none' : runs.join(', ');
};

const kept = (value: number, what: string): string => (value === 15 ? `${what} as it is` : `${what} ${value}`);
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** LoRaWAN 1.0.4 §5.8: the EIRP of each index, in dBm. */
const eirpDbm = [8, 10, 12, 13, 14, 16, 18, 20, 21, 24, 26, 27, 29, 30, 33, 36];

const batteryText = (battery: number): string =>
  battery === 0
    ? 'external power'
    : battery === 255
      ? 'battery not measured'
      : `battery ${((battery / 254) * 100).toFixed(0)} %`;

const maskText = (control: number, mask: number): string => {
  const hex = mask.toString(16).padStart(4, '0');
  return control === 0
    ? `channels ${bitsText(mask)} on`
    : `channel mask ${hex} under control ${control}, as the region has it`;
};

/** What a command says, in a few words; nothing when its name says it all. */
export const commandWords = (c: MacCommand): string => {
  switch (c.kind) {
    case 'link-check-req':
      return 'does anybody hear me?';
    case 'link-check-ans':
      return `heard by ${plural(c.gateways, 'gateway')}, ${c.marginDb} dB above the floor`;
    case 'link-adr-req': {
      const { dataRate, txPower, channelMask, channelMaskControl, nbTrans } = c;
      const rates = `${kept(dataRate, 'data rate')}, ${kept(txPower, 'power index')}`;
      return `${rates}, ${maskText(channelMaskControl, channelMask)}, ${plural(Math.max(1, nbTrans), 'transmission')} per frame`;
    }
    case 'link-adr-ans':
      return verdicts({ 'channel mask': c.channelMaskOk, 'data rate': c.dataRateOk, power: c.powerOk });
    case 'duty-cycle-req':
      return c.exponent === 0 ? 'no limit' : `at most 1/${2 ** c.exponent} of the time on the air`;
    case 'rx-param-setup-req': {
      const rx2 = `RX2 at ${freqText(c.freqHz, 'frequency 0')} with data rate ${c.rx2DataRate}`;
      return `${rx2}, RX1 data rate lowered by ${c.rx1DrOffset}`;
    }
    case 'rx-param-setup-ans':
      return verdicts({
        'RX2 frequency': c.channelOk,
        'RX2 data rate': c.rx2DataRateOk,
        'RX1 offset': c.rx1DrOffsetOk,
      });
    case 'dev-status-req':
      return 'how are battery and reception?';
    case 'dev-status-ans':
      return `${batteryText(c.battery)}, SNR of the request ${c.marginDb} dB`;
    case 'new-channel-req':
      return c.freqHz === 0
        ? `channel ${c.index} off`
        : `channel ${c.index} at ${freqText(c.freqHz, '')}, data rates ${c.minDr} to ${c.maxDr}`;
    case 'new-channel-ans':
      return verdicts({ frequency: c.frequencyOk, 'data rates': c.dataRatesOk });
    case 'rx-timing-setup-req':
      return `RX1 opens after ${Math.max(1, c.delayS)} s`;
    case 'tx-param-setup-req': {
      const dwell = (on: boolean): string => (on ? '400 ms' : 'not limited');
      const dwells = `dwell time up ${dwell(c.uplinkDwell)}, down ${dwell(c.downlinkDwell)}`;
      return `at most ${eirpDbm[c.maxEirpIndex]!} dBm EIRP, ${dwells}`;
    }
    case 'dl-channel-req':
      return `channel ${c.index} is answered at ${freqText(c.freqHz, 'frequency 0')}`;
    case 'dl-channel-ans':
      return verdicts({ frequency: c.frequencyOk, channel: c.uplinkExists });
    case 'device-time-req':
      return 'what time is it?';
    case 'device-time-ans':
      return `the uplink ended at GPS second ${c.gpsSeconds} and ${c.fraction}/256`;
    case 'reset-ind':
    case 'reset-conf':
    case 'rekey-ind':
    case 'rekey-conf':
      return `LoRaWAN 1.${c.minor}`;
    case 'adr-param-setup-req':
      return `ADR_ACK_LIMIT ${2 ** c.limitExponent}, ADR_ACK_DELAY ${2 ** c.delayExponent}`;
    case 'force-rejoin-req': {
      const again = `${plural(c.maxRetries, 'repetition')} ${32 * 2 ** c.period} s apart`;
      return `rejoin with type ${c.rejoinType} at data rate ${c.dataRate}, ${again}`;
    }
    case 'rejoin-param-setup-req':
      return `rejoin every 2^${c.maxTimeExponent + 10} s, and every 2^${c.maxCountExponent + 4} uplinks`;
    case 'rejoin-param-setup-ans':
      return c.timeOk ? 'count and time accepted' : 'count accepted, time not';
    case 'device-mode-ind':
    case 'device-mode-conf':
      return `class ${c.deviceClass}`;
    case 'ping-slot-info-req':
      return `a ping slot every ${plural(2 ** c.periodicity, 'second')}`;
    case 'ping-slot-channel-req':
      return `ping slots at ${freqText(c.freqHz, "the region's frequencies")} with data rate ${c.dataRate}`;
    case 'ping-slot-channel-ans':
      return verdicts({ frequency: c.frequencyOk, 'data rate': c.dataRateOk });
    case 'beacon-timing-ans':
      return `the next beacon in ${c.delay * 30} to ${(c.delay + 1) * 30} ms on channel ${c.channel}`;
    case 'beacon-freq-req':
      return `beacons at ${freqText(c.freqHz, "the region's frequencies")}`;
    case 'beacon-freq-ans':
      return verdicts({ frequency: c.frequencyOk });
    case 'duty-cycle-ans':
    case 'rx-timing-setup-ans':
    case 'tx-param-setup-ans':
    case 'adr-param-setup-ans':
      return 'done';
    case 'beacon-timing-req':
    case 'ping-slot-info-ans':
      return '';
  }
};
