// A network server for one class A device of EU868, by the standard alone: it keeps its own idea of what the device was told,
// and says what is wrong with a frame.
import { expect } from 'vitest';
import { pick, type Dice } from '../../src/base/dice.js';
import { commandsOf, most, open, type Accept, type Bytes, type Data, type Keys } from './wire.js';

export interface Uplink {
  readonly phy: Bytes;
  readonly startUs: number;
  readonly endUs: number;
  readonly freqHz: number;
}
export interface Answer {
  readonly frame: Data;
  readonly window: { readonly afterUs: number; readonly freqHz: number; readonly dr: number };
  /** What the application of the device is to hear. */
  readonly tells?: string;
}

interface Channel {
  freqHz: number;
  minDr: number;
  maxDr: number;
  downHz: number;
  on: boolean;
}

const inBand = (hz: number): boolean =>
  (hz >= 863e6 && hz < 868.6e6) ||
  (hz >= 868.7e6 && hz < 869.2e6) ||
  (hz >= 869.4e6 && hz < 869.65e6) ||
  (hz >= 869.7e6 && hz < 870e6);
const hz3 = (hz: number): number[] => [hz / 100, hz / 25_600, hz / 6_553_600].map((n) => Math.floor(n) % 256);

export const server = (how: {
  readonly d: Dice;
  readonly lorawan: string;
  readonly adr: boolean;
  readonly tries: number;
  readonly dr: number;
}) => {
  const { d, lorawan } = how;
  const chance = (share: number): boolean => d.next() < share;
  let keys: Keys = { nwk: new Uint8Array(16), app: new Uint8Array(16) };
  let devAddr = 0;
  let nextUp = 0;
  let down = 0;
  let channels: (Channel | undefined)[] = [];
  let rx = { delayS: 1, offset: 0, dr: 0, freqHz: 869_525_000 };
  let [dr, power, nbTrans, duty, silent] = [5, 0, 1, 0, 0];
  let sticky: Bytes[] = [];
  let answers: Bytes[] = [];
  let acks = false;
  let last:
    { up: Uplink; frame: Data; dr: number; times: number; heard: boolean; acked: boolean; freeUs: number } | undefined;
  let asked = 0;
  let texts = 0;

  const usable = (list: readonly (Channel | undefined)[], rate: number): readonly Channel[] =>
    list.filter((one): one is Channel => one !== undefined && one.on && rate >= one.minDr && rate <= one.maxDr);

  /** One command or a block, its bytes and what a device must do and say. */
  const request = (): Bytes => {
    const anyHz = (): number => pick(d, [867_300_000, 868_650_000, 867_900_000, 869_525_000, 869_850_000]);
    switch (Math.floor(d.next() * 8)) {
      case 0: {
        const mask = chance(0.8)
          ? channels.reduce((m, one, i) => m | (one && (i < 2 || chance(0.8)) ? 1 << i : 0), 0)
          : Math.floor(d.next() * 65_536);
        const cntl = chance(0.9) ? 0 : pick(d, [1, 6, 7]);
        const rate = chance(0.9) ? pick(d, [3, 4, 5, 15]) : Math.floor(d.next() * 16);
        const power = chance(0.9) ? pick(d, [0, 3, 7, 15]) : Math.floor(d.next() * 16);
        return Uint8Array.of(3, (rate << 4) | power, mask & 255, mask >> 8, (cntl << 4) | pick(d, [0, 1, 1, 2, 3]));
      }
      case 1:
        return Uint8Array.of(4, pick(d, [0, 0, 3, 7]));
      case 2:
        return Uint8Array.of(
          5,
          (pick(d, [0, 1, 5, 6]) << 4) | pick(d, [0, 3, 5, 12]),
          ...hz3(chance(0.7) ? 869_525_000 : anyHz()),
        );
      case 3:
        return Uint8Array.of(6);
      case 4: {
        // No two channels send on one frequency: nobody could tell where the first window listens.
        const index = pick(d, [1, 3, 4, 7, 16]);
        const freqHz = chance(0.2) ? 0 : anyHz() + 10_000 * index;
        return Uint8Array.of(7, index, ...hz3(freqHz), pick(d, [0x50, 0x53, 0x35]));
      }
      case 5:
        return Uint8Array.of(8, pick(d, [0, 1, 2, 5]));
      case 6:
        return Uint8Array.of(9, 0);
      default:
        return Uint8Array.of(10, pick(d, [0, 1, 3, 9]), ...hz3(anyHz()));
    }
  };

  /** What the device does when it hears these commands. */
  const obeys = (list: readonly Bytes[]): void => {
    for (let i = 0; i < list.length; i++) {
      const c = list[i]!;
      const freqHz = (at: number): number => (c[at]! + 256 * c[at + 1]! + 65_536 * c[at + 2]!) * 100;
      asked++;
      if (c[0] === 3) {
        const block = [c];
        while (list[i + 1]?.[0] === 3) block.push(list[++i]!);
        let on: boolean[] | undefined = channels.map((one) => one?.on === true);
        for (const one of block) {
          const cntl = (one[4]! >> 4) & 7;
          const mask = one[2]! + 256 * one[3]!;
          if (cntl === 6) on &&= channels.map((ch) => ch !== undefined);
          else if (cntl !== 0) on = undefined;
          else if (channels.some((ch, k) => !ch && (mask >> k) & 1)) on = undefined;
          else on &&= channels.map((_, k) => ((mask >> k) & 1) === 1);
        }
        const maskOk = on?.includes(true) === true;
        const end = block.at(-1)!;
        const [rate, index] = how.adr ? [end[1]! >> 4, end[1]! & 15] : [15, 15];
        const after = maskOk ? channels.map((ch, k) => ch && { ...ch, on: on![k]! }) : channels;
        const wanted = rate === 15 ? dr : rate;
        const [rateOk, powerOk] = [usable(after, wanted).length > 0, index < 8 || index === 15];
        for (const _ of block) answers.push(Uint8Array.of(3, +maskOk + 2 * +rateOk + 4 * +powerOk));
        if (!maskOk || !rateOk || !powerOk) continue;
        [channels, dr] = [after, wanted];
        if (index !== 15) power = index;
        if (how.adr) nbTrans = Math.max(1, end[4]! & 15);
      } else if (c[0] === 4) {
        duty = c[1]! & 15;
        answers.push(Uint8Array.of(4));
      } else if (c[0] === 5) {
        const [offset, rate] = [(c[1]! >> 4) & 7, c[1]! & 15];
        const status = +inBand(freqHz(2)) + 2 * +(rate < 8) + 4 * +(offset < 6);
        if (status === 7) rx = { ...rx, offset, dr: rate, freqHz: freqHz(2) };
        sticky.push(Uint8Array.of(5, status));
      } else if (c[0] === 6) answers.push(Uint8Array.of(6));
      else if (c[0] === 7) {
        const index = c[1]!;
        const [minDr, maxDr] = [c[5]! & 15, c[5]! >> 4];
        const fits = index > 2 && index < 16;
        const [hzOk, rateOk] = fits
          ? [freqHz(2) === 0 || inBand(freqHz(2)), freqHz(2) === 0 || minDr <= maxDr]
          : [false, false];
        answers.push(Uint8Array.of(7, +hzOk + 2 * +rateOk));
        if (!hzOk || !rateOk) continue;
        channels = channels.map((ch, k) =>
          k !== index
            ? ch
            : freqHz(2) === 0
              ? undefined
              : { freqHz: freqHz(2), minDr, maxDr, downHz: freqHz(2), on: true },
        );
      } else if (c[0] === 8) {
        rx = { ...rx, delayS: Math.max(1, c[1]! & 15) };
        sticky.push(Uint8Array.of(8));
      } else if (c[0] === 10) {
        const channel = channels[c[1]!];
        const good = inBand(freqHz(2));
        if (channel && good) channel.downHz = freqHz(2);
        sticky.push(Uint8Array.of(10, +good + 2 * +(channel !== undefined)));
      }
    }
    if (!channels.some((ch) => ch?.on)) for (const k of [0, 1, 2]) channels[k]!.on = true;
  };

  return {
    get keys() {
      return keys;
    },
    get asked() {
      return asked;
    },
    joined(accept: Accept, session: Keys): void {
      [keys, devAddr, nextUp, down, last] = [session, accept.devAddr, 0, 0, undefined];
      [dr, power, nbTrans, duty, silent, sticky, answers, acks] = [how.dr, 0, 1, 0, 0, [], [], false];
      rx = { delayS: accept.delayS, offset: accept.rx1DrOffset, dr: accept.rx2Dr, freqHz: 869_525_000 };
      channels = Array.from({ length: 16 }, (_, i) => {
        const freqHz = i < 3 ? 868_100_000 + 200_000 * i : (accept.channels[i - 3] ?? 0);
        return freqHz === 0 ? undefined : { freqHz, minDr: 0, maxDr: 5, downHz: freqHz, on: true };
      });
    },

    /** A data frame has come. */
    uplink(up: Uplink, rate: number): void {
      const frame = open(up.phy, keys, nextUp)!;
      expect(frame, 'the MIC').toBeDefined();
      expect([frame.devAddr, frame.up, frame.adr]).toEqual([devAddr, true, how.adr]);
      if (last) expect(up.startUs).toBeGreaterThanOrEqual(last.freeUs);
      const freeUs = up.endUs + (duty === 0 ? 0 : (up.endUs - up.startUs) * (2 ** duty - 1));
      expect(usable(channels, rate).map(({ freqHz }) => freqHz)).toContain(up.freqHz);
      if (last && frame.fCnt === last.frame.fCnt) {
        expect(Buffer.from(up.phy).equals(Buffer.from(last.up.phy)), 'a repetition is the same frame').toBe(true);
        const old = lorawan !== '1.0.4';
        const times = frame.confirmed && old ? how.tries : nbTrans;
        expect(last.times).toBeLessThan(times);
        expect(frame.confirmed ? last.acked : last.heard, 'repeated in vain').toBe(false);
        const pauseUs = up.startUs - last.up.endUs;
        expect(pauseUs).toBeGreaterThanOrEqual((rx.delayS + 1 + (frame.confirmed ? 1 : 0)) * 1e6);
        last = { ...last, up, dr: rate, times: last.times + 1, freeUs };
        return;
      }
      expect(frame.fCnt).toBe(nextUp);
      nextUp++;
      // TS001-1.0.4, table 9: the bit after 64, then step by step down to what everybody understands.
      const asks = how.adr && silent >= 64;
      if (asks && silent >= 96 && silent % 32 === 0) {
        if (power > 0) power = 0;
        else if (dr > 0) dr--;
        else {
          for (const k of [0, 1, 2]) channels[k]!.on = true;
          nbTrans = 1;
        }
      }
      silent++;
      if (lorawan === '1.0.4') expect(frame.adrAckReq).toBe(asks);
      expect(frame.ack, 'ACK').toBe(acks);
      acks = false;
      const said = commandsOf(frame).map((one) => Buffer.from(one[0] === 6 ? one.subarray(0, 1) : one).toString('hex'));
      const expected = [...sticky, ...answers].map((one) => Buffer.from(one).toString('hex'));
      expect(said).toEqual(expected.slice(0, said.length));
      // All of them, or as many as there is room for.
      if (frame.fPort === 0 || frame.fPort === undefined)
        expect(said.length).toBeGreaterThanOrEqual(Math.min(1, expected.length));
      else expect(said).toEqual(expected);
      answers = answers.slice(Math.max(0, said.length - sticky.length));
      expect(frame.fOpts.length + frame.payload.length).toBeLessThanOrEqual(most[rate] ?? 242);
      expect(rate, 'data rate').toBe(usable(channels, dr).length > 0 ? dr : rate);
      last = { up, frame, dr: rate, times: 1, heard: false, acked: false, freeUs };
    },

    /** A downlink for one of the windows; a wrong one must be as if it had never been. */
    answer(wrong: boolean): Answer {
      const { up, frame, dr: rate } = last!;
      const channel = channels.find((ch) => ch?.freqHz === up.freqHz && rate >= ch.minDr && rate <= ch.maxDr)!;
      const rx1 = { afterUs: rx.delayS * 1e6, freqHz: channel.downHz, dr: Math.max(0, rate - rx.offset) };
      const rx2 = { afterUs: rx.delayS * 1e6 + 1e6, freqHz: rx.freqHz, dr: rx.dr };
      const window = rx2.dr > 5 || chance(0.6) ? rx1 : rx2;
      const list = Array.from({ length: Math.floor(d.next() * 4) }, request).filter(
        (_, i, all) => all.slice(0, i + 1).reduce((sum, one) => sum + one.length, 0) <= 15,
      );
      const alone = chance(0.2) && list.length > 0;
      const text = !alone && chance(0.4) ? `text ${texts++}` : undefined;
      const bytes = Buffer.concat(list);
      const sent: Data = {
        ...{ up: false, devAddr, adr: true, adrAckReq: false, fPending: chance(0.1), confirmed: chance(0.2) },
        ack: frame.confirmed && chance(0.7),
        fCnt: down,
        fOpts: alone ? new Uint8Array(0) : bytes,
        fPort: alone ? 0 : text === undefined ? undefined : 9,
        payload: alone ? bytes : Buffer.from(text ?? ''),
      };
      if (wrong) {
        const far = { ...window, afterUs: window.afterUs + 300_000 };
        const other = { ...window, freqHz: window.freqHz === 868_100_000 ? 868_300_000 : 868_100_000 };
        return pick<() => Answer>(d, [
          () => ({ frame: sent, window: far }),
          () => ({ frame: sent, window: other }),
          () => ({ frame: { ...sent, devAddr: devAddr + 1 }, window }),
          () => ({ frame: { ...sent, fCnt: down + 65_536 * 9 }, window }),
          ...(down > 1 ? [() => ({ frame: { ...sent, fCnt: down - 2 }, window })] : []),
        ])();
      }
      down += 1 + Math.floor(d.next() * 3);
      const good = { ...sent, fCnt: down - 1 };
      silent = 0;
      sticky = [];
      if (good.confirmed) acks = true;
      last = { ...last!, heard: true, acked: last!.acked || good.ack };
      obeys(list);
      return { frame: good, window, ...(text !== undefined && { tells: text }) };
    },
  };
};
