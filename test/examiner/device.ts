// A class A device for EU868 by the standard alone. It knows nothing of the network that it talks to but what comes over the
// air, and it says what was wrong with it.
import {
  acceptOf,
  commandsOf,
  joinRequest,
  most,
  number,
  open,
  seal,
  sessionOf,
  type Bytes,
  type Data,
  type Keys,
} from './wire.js';

export interface Person {
  readonly joinEui: string;
  readonly devEui: string;
  readonly appKey: Bytes;
}
export interface Air {
  readonly freqHz: number;
  readonly dr: number;
}
/** What a gateway put on the air: when by its counter, measured from the end of the uplink. */
export interface Sent extends Air {
  readonly afterUs: number;
  readonly phy: Bytes;
}
/** How this device answers what it is asked. */
export interface Manners {
  /** A random number below one. */
  chance(): number;
  /** Share of requests for a channel that are refused, and of answers that need not be repeated and are left out. */
  readonly refuses: number;
  readonly forgets: number;
}

const noBytes = new Uint8Array(0);
const own = [868_100_000, 868_300_000, 868_500_000];

export const device = (who: Person, manners: Manners) => {
  let keys: Keys | undefined;
  let devAddr = 0;
  let devNonce = 0;
  let asked: number | undefined;
  let fCnt = 0;
  let nextDown = 0;
  let channels: (number | undefined)[] = [...own];
  let enabled: boolean[] = own.map(() => true);
  let rx = { delayS: 1, offset: 0, dr: 0, freqHz: 869_525_000 };
  let dr = 0;
  let nbTrans = 1;
  let owesAck = false;
  let sticky: Bytes[] = [];
  let answers: Bytes[] = [];
  let last: { phy: Bytes; frame: Data; air: Air; tries: number } | undefined;
  const received: Data[] = [];
  const used = new Set<number>();

  const fresh = (): void => {
    channels = [...own];
    enabled = own.map(() => true);
    [dr, nbTrans, owesAck, sticky, answers] = [0, 1, false, [], []];
    rx = { delayS: 1, offset: 0, dr: 0, freqHz: 869_525_000 };
  };

  const pickChannel = (): number => {
    const on = channels.filter((hz, i): hz is number => hz !== undefined && enabled[i] === true);
    return on[Math.floor(manners.chance() * on.length)]!;
  };

  /** The two windows after the last uplink. */
  const windows = (): readonly Sent[] => {
    const { air } = last!;
    const rx1 = { freqHz: air.freqHz, dr: Math.max(0, air.dr - rx.offset), afterUs: rx.delayS * 1e6 };
    const rx2 = { freqHz: rx.freqHz, dr: rx.dr, afterUs: rx.delayS * 1e6 + 1e6 };
    return [rx1, rx2].map((window) => ({ ...window, phy: noBytes }));
  };

  const obey = (commands: readonly Bytes[]): void => {
    const blocks: Bytes[][] = [];
    let before: number | undefined;
    for (const command of commands) {
      const cid = command[0]!;
      if (cid === 3 && before === 3) blocks.at(-1)!.push(command);
      else blocks.push([command]);
      before = cid;
    }
    for (const group of blocks) {
      const [command] = group as [Bytes];
      switch (command[0]) {
        case 3: {
          const mask = group.reduce((_, one) => number(one, 2, 2), 0);
          const final = group.at(-1)!;
          if (((final[4]! >> 4) & 7) !== 0) throw new Error('ChMaskCntl of EU868 was not 0');
          for (let i = 0; i < 16; i++)
            if ((mask >> i) & 1 && channels[i] === undefined)
              throw new Error(`a mask names channel ${i}, which is not there`);
          if (mask === 0) throw new Error('an empty mask');
          const [wanted, power] = [final[1]! >> 4, final[1]! & 15];
          if (wanted > 5 && wanted !== 15) throw new Error(`data rate ${wanted}`);
          if (power > 7 && power !== 15) throw new Error(`power ${power}`);
          enabled = channels.map((_, i) => ((mask >> i) & 1) === 1);
          if (wanted !== 15) dr = wanted;
          nbTrans = Math.max(1, final[4]! & 15);
          for (const _ of group) answers.push(Uint8Array.of(3, 7));
          break;
        }
        case 5:
          rx = { ...rx, offset: (command[1]! >> 4) & 7, dr: command[1]! & 15, freqHz: number(command, 2, 3) * 100 };
          sticky.push(Uint8Array.of(5, 7));
          break;
        case 6:
          answers.push(Uint8Array.of(6, 200, 5));
          break;
        case 7: {
          const index = command[1]!;
          if (index < 3 || index > 15) throw new Error(`channel ${index} cannot be set`);
          if (command[5] !== 0x50) throw new Error('data rates of a channel');
          const yes = manners.chance() >= manners.refuses;
          if (yes) {
            channels[index] = number(command, 2, 3) * 100;
            enabled[index] = true;
          }
          answers.push(Uint8Array.of(7, yes ? 3 : 2));
          break;
        }
        case 8:
          rx = { ...rx, delayS: Math.max(1, command[1]! & 15) };
          sticky.push(Uint8Array.of(8));
          break;
        case 2:
        case 13:
          break;
        default:
          throw new Error(`nobody asked for command ${command[0]}`);
      }
    }
  };

  return {
    received,
    get joined() {
      return keys !== undefined;
    },
    get rx() {
      return rx;
    },
    get session() {
      return { devAddr, fCnt };
    },
    get mayRepeat() {
      return last !== undefined && last.tries < (last.frame.confirmed ? 8 : nbTrans);
    },
    /** The next join request. */
    join(): Air & { readonly phy: Bytes } {
      asked = devNonce++;
      last = undefined;
      const air = { freqHz: own[asked % 3]!, dr: 5 };
      return { ...air, phy: joinRequest({ ...who, devNonce: asked }) };
    },
    /** An accept has come, in a window that the caller has looked at. */
    accepted(phy: Bytes): void {
      const said = acceptOf(phy, who.appKey);
      if (!said || asked === undefined) throw new Error('an accept that this device cannot open');
      keys = sessionOf({ ...who, ...said, devNonce: asked });
      fresh();
      ({ devAddr } = said);
      [asked, fCnt, nextDown] = [undefined, 0, 0];
      used.clear();
      rx = { ...rx, delayS: said.delayS, offset: said.rx1DrOffset, dr: said.rx2Dr };
      said.channels.forEach((hz, i) => {
        channels[3 + i] = hz === 0 ? undefined : hz;
        enabled[3 + i] = hz !== 0;
      });
      dr = 5;
    },
    /** Leaves the old session for good: what comes under it is not for this device any more. */
    forget(): void {
      keys = undefined;
    },
    /** A new frame. */
    say(what: {
      confirmed: boolean;
      payload: Bytes;
      ask: readonly number[];
      adr: boolean;
    }): Air & { phy: Bytes; frame: Data } {
      const kept = answers.filter(() => manners.chance() >= manners.forgets);
      answers = [];
      let room = 15;
      const said = [...sticky, ...kept, ...what.ask.map((cid) => Uint8Array.of(cid))].filter(
        ({ length }) => (room -= length) >= 0,
      );
      const air = { freqHz: pickChannel(), dr };
      const frame: Data = {
        up: true,
        confirmed: what.confirmed,
        devAddr,
        adr: what.adr,
        adrAckReq: what.adr && manners.chance() < 0.05,
        ack: owesAck,
        fPending: false,
        fCnt: fCnt++,
        fOpts: Buffer.concat(said),
        fPort: 1,
        payload: what.payload,
      };
      owesAck = false;
      const phy = seal(frame, keys!);
      last = { phy, frame, air, tries: 1 };
      return { ...air, phy, frame };
    },
    /** The same frame again, on another channel. */
    repeat(): Air & { phy: Bytes; frame: Data } {
      last!.tries++;
      last!.air = { freqHz: pickChannel(), dr: last!.air.dr };
      return { ...last!.air, phy: last!.phy, frame: last!.frame };
    },
    /** What a gateway sent after the last uplink: whether it was for this session, and what was wrong with it. */
    hear(sent: Sent): Data {
      const window = windows().find(
        ({ freqHz, dr, afterUs }) => freqHz === sent.freqHz && dr === sent.dr && afterUs === sent.afterUs,
      );
      if (!window) throw new Error(`${JSON.stringify({ ...sent, phy: 0 })} meets none of ${JSON.stringify(windows())}`);
      const frame = open(sent.phy, keys!, nextDown);
      if (!frame) throw new Error('the MIC is wrong');
      if (frame.devAddr !== devAddr || frame.up) throw new Error('not for this device');
      if (used.has(frame.fCnt) || frame.fCnt < nextDown) throw new Error(`the counter ${frame.fCnt} comes twice`);
      if (frame.fOpts.length + frame.payload.length > most[sent.dr]!) throw new Error('too long for its data rate');
      if (frame.fPort === 0 && frame.fOpts.length > 0) throw new Error('FOpts beside port 0');
      used.add(frame.fCnt);
      nextDown = frame.fCnt + 1;
      sticky = [];
      if (frame.confirmed) owesAck = true;
      received.push(frame);
      last!.tries = Infinity;
      obey(commandsOf(frame));
      return frame;
    },
  };
};
