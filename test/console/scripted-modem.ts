import type { ModemEvent, Modem, ModemRefusal } from '../../src/sim/modem-types.js';

/** A modem whose network is the test: what it refuses and when it tells what the test says. Time does not move in it. */
export interface ScriptedModem extends Modem {
  /** What the next orders are refused with, in turn. */
  readonly refusals: ModemRefusal[];
  /** What was asked of it. */
  readonly asked: unknown[];
  joined: boolean;
  restarts: number;
}

export const scriptedModem = (): ScriptedModem => {
  const refusals: ModemRefusal[] = [];
  const asked: unknown[] = [];
  const modem: ScriptedModem = {
    refusals,
    asked,
    restarts: 0,
    nowUs: 0,
    nextUs: Infinity,
    advance: () => undefined,
    offer: () => 'ok',
    identity: {
      devEui: 'ac1f09fffe000001',
      joinEui: 'ac1f09fff8680811',
      appKey: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
      devAddr: 0x26011234,
      nwkSKey: Uint8Array.from({ length: 16 }, (_, i) => i + 0x21),
      appSKey: Uint8Array.from({ length: 16 }, (_, i) => i + 0x41),
    },
    settings: {
      activation: 'otaa',
      deviceClass: 'A',
      dataRate: 0,
      adr: true,
      txPower: 0,
      dutyCycle: true,
      publicNetwork: true,
      rx1DelayS: 1,
      rx2Hz: 869_525_000,
      rx2DataRate: 0,
      joinAcceptDelay1S: 5,
    },
    joined: false,
    busy: false,
    devAddr: undefined,
    netId: 0,
    fCntUp: 0,
    fCntDown: 0,
    lastHeard: undefined,
    mostBytes: 51,
    join(how) {
      const refusal = refusals.shift();
      if (!refusal) asked.push({ join: how ?? {} });
      return refusal;
    },
    send(uplink) {
      const refusal = refusals.shift() ?? (modem.joined ? undefined : ({ kind: 'not-joined' } as const));
      if (!refusal) asked.push({ send: uplink });
      return refusal;
    },
    ask: (what) => void asked.push({ ask: what }),
    restart() {
      modem.restarts++;
      modem.joined = false;
    },
    mustSave: false,
    save: () => ({}),
  };
  return modem;
};

export const downlink = (fPort: number, bytes: readonly number[]): ModemEvent => ({
  kind: 'downlink',
  fPort,
  bytes: Uint8Array.from(bytes),
  window: 'rx1',
  rssiDbm: -70,
  snrDb: 8,
  dataRate: 5,
  pending: false,
});
