import { airtimeUs } from '../../../src/lorawan/airtime.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import type { Name } from '../../../devices/consoles/rak-rui3/table.js';
import { slot, tell, type Unit } from './unit.js';

/** `AT+PRECV`: for ever and able to send, for ever, until one frame; what is less is a time. */
const always = { andSend: 65_533, only: 65_534 } as const;

const kHz = [125, 250, 500, 7.8, 10.4, 15.63, 20.83, 31.25, 41.67, 62.5];
const codingRates = ['4/5', '4/6', '4/7', '4/8'] as const;

const airMs = ({ store }: Unit, bytes: number): number => {
  const bandwidth = Number(store.get('bandwidth'));
  const isFsk = store.get('mode') === '2';
  const dataRate = isFsk
    ? ({ kind: 'fsk', bitRate: Number(store.get('fskBitRate')) } as const)
    : ({ kind: 'lora', sf: Number(store.get('spreading')), bwHz: (kHz[bandwidth] ?? 125) * 1000 } as const);
  const us = airtimeUs({
    dataRate: dataRate as Parameters<typeof airtimeUs>[0]['dataRate'],
    phyBytes: bytes,
    codingRate: codingRates[Number(store.get('codingRate'))] ?? '4/5',
    preambleSymbols: Number(store.get('preamble')),
  });
  return us / 1000;
};

const kindOf = ({ store }: Unit): string => (store.get('mode') === '2' ? 'FSK' : 'P2P');

/** A frame has gone out. */
export const frameSent = (unit: Unit, port: TwinPort): void => tell(unit, port, `+EVT:TX${kindOf(unit)} DONE`);

/** The time for receiving is over, and nobody sent. */
export const windowOver = (unit: Unit, port: TwinPort): void => {
  unit.run.receiving = 0;
  tell(unit, port, `+EVT:RX${kindOf(unit)} RECEIVE TIMEOUT`);
};

const receive = ({ run }: Unit, how: number, port: TwinPort): string => {
  port.cancel(slot.window);
  run.receiving = how;
  if (how > 0 && how < always.andSend) port.wakeInMs(slot.window, how);
  return 'OK';
};

const fits = ({ store }: Unit, name: Name, values: readonly unknown[]): boolean => {
  const bandwidth = name === 'p2p' ? values[2] : name === 'bandwidth' || name === 'radioBandwidth' ? values[0] : 0;
  // Older firmware takes kHz as well; this one numbers them, and counts Hz with FSK.
  return store.get('mode') === '2' ? bandwidth === 0 || (bandwidth as number) >= 4_800 : (bandwidth as number) <= 9;
};

/** Does what a value of a point-to-point command asks, and gives the status word. */
export const writeP2p = (unit: Unit, name: Name, values: readonly unknown[], port: TwinPort): string => {
  const { store, run } = unit;
  const [first] = values;
  if (name === 'p2pReceive' && first === 0) return receive(unit, 0, port);
  if (name === 'p2pSend') {
    if (run.receiving !== 0 && run.receiving !== always.andSend) return 'AT_BUSY_ERROR';
    port.wakeInMs(slot.air, airMs(unit, (first as string).length / 2));
    return 'OK';
  }
  if (run.receiving !== 0) {
    tell(unit, port, 'P2P_RX_ON already, please disable P2P RX before setting.');
    return 'AT_BUSY_ERROR';
  }
  if (name === 'p2pReceive') return receive(unit, first as number, port);
  if (!fits(unit, name, values)) return 'AT_PARAM_ERROR';
  if (name === 'p2p') {
    const names = ['p2pHz', 'spreading', 'bandwidth', 'codingRate', 'preamble', 'power'] as const;
    for (const [i, one] of names.entries()) {
      if (values[6] === true) store.setForNow(one, String(values[i]));
      else store.set(one, String(values[i]), port);
    }
    return 'OK';
  }
  store.set(name, typeof first === 'boolean' ? (first ? '1' : '0') : String(first), port);
  return 'OK';
};
