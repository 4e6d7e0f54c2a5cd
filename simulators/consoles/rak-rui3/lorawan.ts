import { hex } from '../../../src/base/hex.js';
import type { ModemIdentity, ModemRefusal } from '../../../src/sim/modem-types.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import type { Name } from '../../../devices/consoles/rak-rui3/table.js';
import { lowBands, regions } from './facts.js';
import { withGroup, withoutGroup } from './groups.js';
import { slot, tell, type Unit } from './unit.js';

/** The word for a refusal of the modem; the duty cycle has a line of its own before it. */
const refused = (unit: Unit, port: TwinPort, refusal: ModemRefusal): string => {
  switch (refusal.kind) {
    case 'wait':
      tell(unit, port, `Restricted_Wait_${Math.ceil(refusal.ms)}_ms`);
      return 'AT_BUSY_ERROR';
    case 'busy':
      return 'AT_BUSY_ERROR';
    case 'not-joined':
      return 'AT_NO_NETWORK_JOINED';
    case 'too-long':
      return 'AT_PARAM_ERROR';
    default:
      return 'AT_ERROR';
  }
};

/** Starts or stops joining; what is left out stays as it is. */
export const join = (unit: Unit, values: readonly unknown[], port: TwinPort): string => {
  const { store, run, modem } = unit;
  const [, auto, period, retries] = store.get('join').split(':');
  const bit = (value: unknown): string | undefined => (value === undefined ? undefined : value === true ? '1' : '0');
  const next = [bit(values[1]) ?? auto, values[2] ?? period, values[3] ?? retries];
  const start = values[0] !== false;
  if (start && modem.busy) return 'AT_BUSY_ERROR';
  const text = ['0', ...next].join(':');
  if (text !== store.get('join')) store.set('join', text, port);
  run.joinStarted = start;
  run.retriesLeft = start ? Number(next[2]) : 0;
  port.cancel(slot.retry);
  if (!start) return 'OK';
  const refusal = modem.join();
  return refusal ? refused(unit, port, refusal) : 'OK';
};

export const send = (unit: Unit, what: { fPort: number; hex: string; confirmed: boolean }, port: TwinPort): string => {
  const { modem, store } = unit;
  const check = store.get('linkCheck');
  if (check !== '0' && modem.joined && !modem.busy) modem.ask('link-check');
  if (store.get('debug') === '1') tell(unit, port, `FCntUp:${modem.fCntUp}`);
  const uplink = { fPort: what.fPort, bytes: hex(what.hex), confirmed: what.confirmed };
  const refusal = modem.send({ ...uplink, tries: Number(store.get('retries')) + 1 });
  // Answers to the network wait for room: an empty frame takes them along.
  if (refusal?.kind === 'too-long') modem.send({ fPort: what.fPort, bytes: new Uint8Array(), confirmed: false });
  if (refusal) return refused(unit, port, refusal);
  if (check === '1') store.set('linkCheck', '0', port);
  return 'OK';
};

const keyed = (unit: Unit, change: Partial<ModemIdentity>): string => {
  unit.modem.identity = { ...unit.modem.identity, ...change };
  return 'OK';
};

/** Does what a value of a LoRaWAN command asks, and gives the status word. */
export const writeLorawan = (
  unit: Unit,
  name: Name,
  values: readonly unknown[],
  port: TwinPort,
): string | undefined => {
  const { modem, store } = unit;
  const mac = modem.settings;
  const [first] = values;
  const number = first as number;
  const keep = (text: string): string => {
    store.set(name, text, port);
    return 'OK';
  };
  const within = ([least, most]: readonly [number, number]): boolean => number >= least && number <= most;
  switch (name) {
    case 'devEui':
    case 'joinEui':
      return keyed(unit, { [name]: first as string });
    case 'appKey':
    case 'nwkSKey':
    case 'appSKey':
      return keyed(unit, { [name]: hex(first as string) });
    case 'devAddr':
      return keyed(unit, { devAddr: parseInt(first as string, 16) });
    case 'joinMode':
      mac.activation = first === 0 ? 'abp' : 'otaa';
      return keep(String(first));
    case 'join':
      return join(unit, values, port);
    case 'send':
      return send(unit, { fPort: number, hex: values[1] as string, confirmed: store.get('confirm') === '1' }, port);
    case 'sendLong':
      return send(unit, { fPort: number, hex: values[2] as string, confirmed: values[1] as boolean }, port);
    case 'adr':
    case 'dutyCycle':
    case 'publicNetwork':
      mac[name] = first as boolean;
      return keep(first ? '1' : '0');
    case 'deviceClass':
      mac.deviceClass = first === 'C' ? 'C' : 'A';
      return keep(first as string);
    case 'dataRate':
      if (!within(store.region.dataRates)) return 'AT_PARAM_ERROR';
      mac.dataRate = number;
      return keep(String(number));
    case 'txPower':
      if (!within([0, store.region.powers])) return 'AT_PARAM_ERROR';
      mac.txPower = number;
      return keep(String(number));
    case 'joinDelay1':
      if (number >= Number(store.get('joinDelay2'))) return 'AT_PARAM_ERROR';
      mac.joinAcceptDelay1S = number;
      return keep(String(number));
    case 'joinDelay2':
      return number <= Number(store.get('joinDelay1')) ? 'AT_PARAM_ERROR' : keep(String(number));
    case 'rxDelay1':
    case 'rxDelay2':
      // The second window is a second after the first: who moves one moves both.
      mac.rx1DelayS = name === 'rxDelay1' ? number : number - 1;
      store.set('rxDelay1', String(mac.rx1DelayS), port);
      return 'OK';
    case 'rx2DataRate':
    case 'rx2Hz':
      mac[name] = number;
      store.set('rx2', `${mac.rx2Hz}:${mac.rx2DataRate}`, port);
      return 'OK';
    case 'timeRequest':
      if (!modem.joined) return 'AT_NO_NETWORK_JOINED';
      if (first) modem.ask('time');
      return keep(first ? '1' : '0');
    case 'band':
      return setBand(unit, first as string, port);
    case 'mask':
    case 'subBands':
    case 'channelHz':
      return setChannels(unit, name, first as string | number, port);
    case 'addGroup': {
      const groups = withGroup(store.get('groups'), values);
      if (groups === undefined) return 'AT_PARAM_ERROR';
      store.set('groups', groups, port);
      return 'OK';
    }
    case 'removeGroup': {
      const groups = withoutGroup(store.get('groups'), first as string);
      if (groups === undefined) return 'AT_PARAM_ERROR';
      store.set('groups', groups, port);
      return 'OK';
    }
    default:
      return undefined;
  }
};

/** The number of a region in its second spelling. */
const bandNumber = (text: string): number => {
  const second = /^8-([1-4])$/.exec(text);
  return second ? 7 + Number(second[1]) : Number(text);
};

const setBand = ({ store, modem: { settings: mac } }: Unit, text: string, port: TwinPort): string => {
  const number = bandNumber(text);
  if (number < lowBands) return 'AT_UNSUPPORTED_BAND';
  const { rx2Hz, rx2DataRate, dataRates } = regions[number]!;
  store.set('band', String(number), port);
  for (const [name, value] of [
    ['dataRate', String(dataRates[0])],
    ['txPower', '0'],
    ['rx2', ''],
    ['mask', '0000'],
    ['channelHz', '0'],
  ] as const)
    store.set(name, value, port);
  Object.assign(mac, { rx2Hz, rx2DataRate, dataRate: dataRates[0], txPower: 0 });
  return 'OK';
};

const setChannels = (
  { store }: Unit,
  name: 'mask' | 'subBands' | 'channelHz',
  value: string | number,
  port: TwinPort,
): string => {
  const { subBands } = store.region;
  if (!subBands) return 'AT_ERROR';
  if (name === 'channelHz') {
    store.set('channelHz', String(value), port);
    return 'OK';
  }
  const list = name === 'subBands' ? String(value).split(':').map(Number) : [];
  const bits = list.reduce((mask, one) => (one === 0 ? mask : mask | (1 << (one - 1))), 0);
  const mask = name === 'mask' ? parseInt(String(value), 16) : bits;
  // All bits at once are the value that is shown for all, and are refused as a value (`01FF` of AU915).
  if (name === 'mask' && mask > subBands.most) return 'AT_PARAM_ERROR';
  // Zero is all of them, and stands alone.
  if (list.some((one) => one > subBands.highest) || (list.length > 1 && list.includes(0))) return 'AT_PARAM_ERROR';
  store.set('mask', mask.toString(16).toUpperCase().padStart(4, '0'), port);
  store.set('channelHz', '0', port);
  return 'OK';
};
