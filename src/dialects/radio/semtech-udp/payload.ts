import { fromBase64 } from '../../../base/base64.js';
import type { Fields } from './json.js';

/** The longest frame that a LoRa modem can receive: its length is one byte. */
const mostPhyBytes = 255;

/** The frame in `data`; notes what is wrong with it. Where `size` is there, the two must agree. */
export const readPayload = (read: Fields): Uint8Array | undefined => {
  const data = read.text('data');
  const size = read.number('size', { whole: true, least: 0, most: mostPhyBytes });
  if (data === undefined) return read.refuse('data', 'is missing');
  const phy = fromBase64(data);
  if (!phy.ok) return read.refuse('data', 'is not base64');
  const have = phy.value.length;
  if (have > mostPhyBytes) return read.refuse('data', `has ${have} bytes, a frame has at most ${mostPhyBytes}`);
  if (size !== undefined && size !== have) return read.refuse('data', `has ${have} bytes, size says ${size}`);
  return phy.value;
};

/** Whole hertz of a frequency in MHz; the protocol has six decimals. */
export const hzOf = (mhz: number): number => Math.round(mhz * 1e6);

/** The bounds of a frequency in MHz. */
export const mhzBounds = { least: 1e-6, most: 10_000 } as const;
