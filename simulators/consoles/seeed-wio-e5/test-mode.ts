import { airtimeUs } from '../../../src/lorawan/airtime.js';
import { plain } from './settings.js';

export interface RadioTest {
  /** Lines of an answer, none for a value that is wrong; how long a frame is on the air, if one is sent. */
  obey(values: readonly string[]): { readonly lines?: readonly string[]; readonly airtimeMs?: number };
}

const inside = (text: string | undefined, least: number, most: number): number | undefined => {
  const value = Number(text);
  return text !== undefined && /^-?\d+$/.test(text) && value >= least && value <= most ? value : undefined;
};

/** `866`, `866.1` and `866100000` are the same frequency. */
const hertz = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d{3,9}(\.\d{1,6})?$/.test(text)) return undefined;
  const value = Number(text);
  const hz = value < 1_000 ? Math.round(value * 1e6) : value;
  return hz >= 433e6 && hz <= 928e6 ? hz : undefined;
};

/** The radio test of the module: a frame that is sent is heard by nobody, and none is ever received. */
export const radioTest = (): RadioTest => {
  let sf: 7 | 8 | 9 | 10 | 11 | 12 = 12;
  let bandwidthKhz = 125;
  let preamble = 8;

  const configure = (values: readonly string[]): readonly string[] | undefined => {
    const [freq, spreading, bandwidth, txPreamble, rxPreamble, power, ...flags] = values;
    const hz = hertz(freq);
    const factor = inside(/^SF(\d{1,2})$/i.exec(spreading ?? '')?.[1], 7, 12);
    const khz = ['125', '250', '500'].find((one) => one === bandwidth);
    const [out, into, dbm] = [inside(txPreamble, 1, 65_535), inside(rxPreamble, 1, 65_535), inside(power, -9, 22)];
    const states = flags.map((one) => one.toUpperCase());
    if (hz === undefined || factor === undefined || khz === undefined) return undefined;
    if (out === undefined || into === undefined || dbm === undefined) return undefined;
    if (states.length !== 3 || !states.every((one) => one === 'ON' || one === 'OFF')) return undefined;
    sf = factor as typeof sf;
    bandwidthKhz = Number(khz);
    preamble = out;
    const [crc, iq, net] = states;
    return [
      `RFCFG F:${hz}, SF${sf}, BW${khz}K, TXPR:${out}, RXPR:${into}, POW:${dbm}dBm, CRC:${crc}, IQ:${iq}, NET:${net}`,
    ];
  };

  return {
    obey(values) {
      const [what = '', ...rest] = values;
      switch (what.toUpperCase()) {
        case 'RFCFG': {
          const lines = configure(rest);
          return lines ? { lines } : {};
        }
        case 'RXLRPKT':
          return { lines: ['RXLRPKT'] };
        case 'TXLRPKT': {
          const digits = plain(rest[0]).replace(/ /g, '').toUpperCase();
          if (!/^(?:[0-9A-F]{2}){1,253}$/.test(digits)) return {};
          const dataRate = { kind: 'lora', sf, bwHz: bandwidthKhz * 1_000 } as const;
          const us = airtimeUs({ dataRate, phyBytes: digits.length / 2, preambleSymbols: preamble });
          return { lines: [`TXLRPKT "${digits}"`], airtimeMs: us / 1_000 };
        }
        default:
          return {};
      }
    },
  };
};
