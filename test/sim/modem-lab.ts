import { usPerSecond } from '../../src/base/time.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import type { DownlinkCommand } from '../../src/lorawan/mac-command.js';
import { writeCommands } from '../../src/lorawan/mac-commands.js';
import { dataRateOf } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { RxFrame, TxWhen } from '../../src/lorawan/radio.js';
import { startModem, type ModemSetup } from '../../src/sim/modem.js';
import { benchGateway } from '../../src/sim/modem-plan.js';
import type { ModemEvent } from '../../src/sim/modem-types.js';
import type { SentFrame } from '../../src/sim/run-types.js';
import { payload, profile, startUs } from './modem-bench.js';

interface Reply {
  readonly fPort?: number;
  readonly payload?: Uint8Array;
  readonly commands?: readonly DownlinkCommand[];
  readonly window?: 1 | 2;
  /** After the uplink, instead of the window's own delay; on the second window's channel. */
  readonly afterUs?: number;
}

/** A personalised modem and a server that a test drives: exact downlinks at exact times. */
export const modemLab = (change: Partial<ModemSetup> = {}) => {
  const modem = startModem({ seed: 'lab', name: 'board', profile, startUs, ...change });
  const { devAddr, nwkSKey, appSKey } = modem.identity;
  modem.settings.activation = 'abp';
  modem.join();
  const events: ModemEvent[] = [];
  const frames: SentFrame[] = [];
  let rx: RxFrame | undefined;
  let fCnt = 0;
  let id = 0;
  const play = (seconds: number): void =>
    modem.advance(modem.nowUs + seconds * usPerSecond, {
      event: (event) => void events.push(event),
      sent: (frame) => void frames.push(frame),
      heard: (one) => void (rx = one),
    });

  const offer = (reply: Reply, when: TxWhen, second: boolean): void => {
    const { commands = [], fPort, payload: bytes } = reply;
    const phy = sealData({
      uplink: false,
      confirmed: false,
      ack: false,
      devAddr,
      fCnt: fCnt++,
      nwkSKey: aesKey(nwkSKey),
      appSKey: aesKey(appSKey),
      fOpts: writeCommands(commands),
      ...(fPort !== undefined && { fPort, payload: bytes ?? new Uint8Array(0) }),
    });
    const verdict = modem.offer({
      phy,
      gateway: benchGateway.eui,
      when,
      freqHz: second ? modem.settings.rx2Hz : rx!.freqHz,
      dataRate: second ? dataRateOf(eu868, modem.settings.rx2DataRate)! : rx!.dataRate,
      codingRate: '4/5',
      powerDbm: 14,
      invertPolarity: true,
      rfChain: 0,
      id: ++id,
    });
    if (verdict !== 'ok') throw new Error(`the gateway says ${verdict}`);
  };

  return {
    modem,
    frames,
    play,
    /** Sends an uplink; it has just been heard. */
    send() {
      const refusal = modem.send({ fPort: 2, bytes: payload(), confirmed: false });
      if (refusal) throw new Error(`the modem says ${refusal.kind}`);
      play(0.1);
    },
    reply(reply: Reply) {
      const { window = 1, afterUs = (modem.settings.rx1DelayS + window - 1) * usPerSecond } = reply;
      const second = window === 2 || reply.afterUs !== undefined;
      offer(reply, { kind: 'tmst', tmst: (rx!.tmst! + afterUs) % 2 ** 32 }, second);
    },
    /** At once, on the second window's channel. */
    now: (reply: Reply) => offer(reply, { kind: 'now' }, true),
    /** What came in the next seconds. */
    downlinks(seconds = 8): ModemEvent[] {
      play(seconds);
      return events.splice(0).filter(({ kind }) => kind === 'downlink');
    },
  };
};
