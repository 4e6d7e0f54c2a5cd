import type { CommandTable } from '../../../src/console/dialect.js';
import { flag, hexBytes, int, key, optional, text, word } from '../../../src/console/params.js';
import { address, band, eui, seconds, subBands, words } from './params.js';

const aesKey = key(16);
const hz = int(150_000_000, 960_000_000, 'Hz');

/** What is refused in the modes without LoRaWAN. */
export const lorawan = {
  // The help of this one is known to the letter.
  devEui: { word: '+DEVEUI', what: 'get or set the device EUI (8 bytes in hex)', read: [eui], write: [eui] },
  joinEui: { word: '+APPEUI', what: 'JoinEUI', read: [eui], write: [eui] },
  appKey: { word: '+APPKEY', what: 'AppKey', read: [aesKey], write: [aesKey] },
  devAddr: { word: '+DEVADDR', what: 'device address', read: [address], write: [address] },
  appSKey: { word: '+APPSKEY', what: 'application session key', read: [aesKey], write: [aesKey] },
  nwkSKey: { word: '+NWKSKEY', what: 'network session key', read: [aesKey], write: [aesKey] },
  netId: { word: '+NETID', what: 'id of the network', read: [hexBytes(3)] },
  multicastRootKey: { word: '+MCROOTKEY', what: 'root key of groups', read: [aesKey] },
  joinMode: { word: '+NJM', what: '0 ABP, 1 OTAA', read: [int(0, 1)], write: [int(0, 1)] },
  join: {
    word: '+JOIN',
    what: 'join: start or stop, at every start, retry period, retries',
    read: [flag, flag, seconds(7, 255), int(0, 255)],
    write: [flag, optional(flag), optional(seconds(7, 255)), optional(int(0, 255))],
    run: true,
  },
  joined: { word: '+NJS', what: 'whether it has joined', read: [flag] },
  confirm: { word: '+CFM', what: 'uplinks want to be acknowledged', read: [flag], write: [flag] },
  confirmed: { word: '+CFS', what: 'whether the last one was', read: [flag] },
  retries: { word: '+RETY', what: 'retries of confirmed uplinks', read: [int(0, 7)], write: [int(0, 7)] },
  send: { word: '+SEND', what: 'send: port, payload', write: [int(1, 223), hexBytes(1, 250)] },
  sendLong: {
    word: '+LPSEND',
    what: 'send in pieces: port, acknowledged, payload',
    write: [int(1, 223), flag, hexBytes(1, 1_000)],
  },
  received: { word: '+RECV', what: 'the last downlink, once', read: [int(0, 223), hexBytes(0, 242)] },
  adr: { word: '+ADR', what: 'adaptive data rate', read: [flag], write: [flag] },
  deviceClass: { word: '+CLASS', what: 'class', read: [text(1, 8)], write: [word(['A', 'B', 'C'])] },
  dutyCycle: { word: '+DCS', what: 'keep the duty cycle', read: [flag], write: [flag] },
  dataRate: { word: '+DR', what: 'data rate', read: [int(0, 7)], write: [int(0, 7)] },
  txPower: { word: '+TXP', what: 'power index, 0 is full', read: [int(0, 14)], write: [int(0, 14)] },
  joinDelay1: { word: '+JN1DL', what: 'first join window', read: [seconds(1, 14)], write: [seconds(1, 14)] },
  joinDelay2: { word: '+JN2DL', what: 'second join window', read: [seconds(2, 15)], write: [seconds(2, 15)] },
  rxDelay1: { word: '+RX1DL', what: 'first window', read: [seconds(1, 15)], write: [seconds(1, 15)] },
  rxDelay2: { word: '+RX2DL', what: 'second window', read: [seconds(2, 16)], write: [seconds(2, 16)] },
  rx2DataRate: { word: '+RX2DR', what: 'data rate of the second window', read: [int(0, 15)], write: [int(0, 15)] },
  rx2Hz: { word: '+RX2FQ', what: 'frequency of the second window', read: [hz], write: [hz] },
  publicNetwork: { word: '+PNM', what: 'sync word of public networks', read: [flag], write: [flag] },
  linkCheck: { word: '+LINKCHECK', what: 'link check: 0 off, 1 once, 2 always', read: [int(0, 2)], write: [int(0, 2)] },
  timeRequest: { word: '+TIMEREQ', what: 'ask for the time with the next uplink', read: [flag], write: [flag] },
  listenFirst: { word: '+LBT', what: 'listen before talk', read: [flag], write: [flag] },
  listenRssi: {
    word: '+LBTRSSI',
    what: 'level of a free channel',
    read: [int(-128, 0, 'dBm')],
    write: [int(-128, 0, 'dBm')],
  },
  listenMs: {
    word: '+LBTSCANTIME',
    what: 'how long it listens',
    read: [int(0, 65_535, 'ms')],
    write: [int(0, 65_535, 'ms')],
  },
  rssi: { word: '+RSSI', what: 'level of the last downlink', read: [int(-200, 50, 'dBm')] },
  snr: { word: '+SNR', what: 'SNR of the last downlink', read: [int(-128, 127, 'dB')] },
  channelRssi: { word: '+ARSSI', what: 'level of every channel', read: [words] },
  mask: { word: '+MASK', what: 'sub-bands as bits', read: [text(4, 64)], write: [hexBytes(2)] },
  subBands: { word: '+CHE', what: 'sub-bands', read: [text(1, 64)], write: [subBands] },
  channelHz: {
    word: '+CHS',
    what: 'one channel only, 0 is all',
    read: [int(0, 960_000_000, 'Hz')],
    write: [int(0, 960_000_000, 'Hz')],
  },
  band: { word: '+BAND', what: 'region', read: [band], write: [band] },
  pingSlot: { word: '+PGSLOT', what: 'class B ping slot', read: [int(0, 7)], write: [int(0, 7)] },
  beaconHz: { word: '+BFREQ', what: 'data rate and frequency of the beacon', read: [words] },
  beaconTime: { word: '+BTIME', what: 'time of the beacon', read: [words] },
  beaconGateway: { word: '+BGW', what: 'gateway of the beacon', read: [words] },
  localTime: { word: '+LTIME', what: 'the time', read: [words] },
  addGroup: {
    word: '+ADDMULC',
    what: 'join a group: class, address, keys, frequency, data rate, period',
    write: [
      ...([word(['B', 'C']), address, aesKey, aesKey] as const),
      ...([optional(hz), optional(int(0, 15)), optional(int(0, 7))] as const),
    ],
  },
  removeGroup: { word: '+RMVMULC', what: 'leave a group', write: [address] },
  groups: { word: '+LSTMULC', what: 'groups', read: [words] },
  certification: { word: '+CERTIF', what: 'certification mode', read: [flag], write: [flag] },
} as const satisfies CommandTable;
