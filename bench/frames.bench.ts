import { must } from '../src/base/problem.js';
import { aesKey } from '../src/lorawan/aes.js';
import { micOk, openPayload, parseFrame, sealData, type DataFrame } from '../src/lorawan/frame.js';
import { refereeOpen, refereeSeal } from '../src/lorawan/referee.js';
import { perSecond, type Bench } from './bench.js';

const keys = { nwkSKey: new Uint8Array(16).fill(0x2b), appSKey: new Uint8Array(16).fill(0x7e) };
// Ours keeps the schedules of a session; lora-packet has no place to keep them.
const nwkSKey = aesKey(keys.nwkSKey);
const appSKey = aesKey(keys.appSKey);
const payload = Uint8Array.from({ length: 12 }, (_, i) => 17 * i);
const devAddr = 0x260b1a2f;

const data = (phy: Uint8Array): DataFrame => {
  const frame = must(parseFrame(phy));
  if (frame.kind !== 'data') throw new TypeError(frame.kind);
  return frame;
};

/** The figure is worth nothing when the work was not done: both sides must get back what went in. */
const check = (good: boolean, opened: Uint8Array | undefined): void => {
  if (!good || opened?.length !== 12 || opened[11] !== payload[11]) throw new Error('sealed and opened differ');
};

const ours = (fCnt: number): void => {
  const frame = data(
    sealData({ uplink: true, confirmed: false, adr: true, devAddr, fCnt, fPort: 2, payload, nwkSKey, appSKey }),
  );
  const good = micOk(frame, fCnt, nwkSKey);
  check(good, openPayload(frame, fCnt, appSKey));
};

// lora-packet parses the bytes itself; the parse of ours that goes before it is about a thousandth of its time.
const peers = (fCnt: number): void => {
  const opened = refereeOpen(
    data(refereeSeal({ uplink: true, confirmed: false, adr: true, devAddr, fCnt, fPort: 2, payload }, keys)!),
    fCnt,
    keys,
  );
  check(opened?.micOk === true, opened?.payload);
};

export default {
  id: 'frames',
  what: 'seal + open a data uplink (25 bytes, 12 of payload), pure JavaScript',
  peer: 'lora-packet 0.9.3',
  unit: 'pairs/s',
  floor: 100,
  round({ number, sideMs }) {
    const oursNow = (): number => perSecond(ours, { forMs: sideMs, batch: 500 });
    const peerNow = (): number => perSecond(peers, { forMs: sideMs, batch: 20 });
    if (number % 2 === 0) {
      const first = oursNow();
      return { ours: first, peer: peerNow() };
    }
    const first = peerNow();
    return { ours: oursNow(), peer: first };
  },
} satisfies Bench;
