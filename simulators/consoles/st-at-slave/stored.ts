import type { Modem, ModemSettings } from '../../../src/sim/modem-types.js';
import type { Flash } from '../../../src/sim/twin.js';

/** What of the modem `AT+CS` stores. */
const macNames = [
  ...(['adr', 'dutyCycle', 'dataRate', 'txPower', 'deviceClass'] as const),
  ...(['rx1DelayS', 'rx2Hz', 'rx2DataRate', 'joinAcceptDelay1S'] as const),
] as const;

export interface Stored {
  /** Settings that change nothing of the radio, as text. */
  get(name: string): string | undefined;
  put(name: string, value: string): void;
  /** False when nothing has changed since. */
  store(): boolean;
  readonly flash: Flash;
  /** Whether it had a session when it was stored. */
  readonly session: boolean;
  /** Power comes back: what was not stored is lost. */
  restore(): void;
  erase(): void;
}

/** What the firmware keeps in its flash, and what it only remembers. */
export const storedOf = (modem: Modem, flash: Flash): Stored => {
  // Each by its name: a modem's settings are columns of its MAC, and a copy of all of them would be empty.
  const macNow = (): Readonly<Record<string, string | number | boolean>> =>
    Object.fromEntries(macNames.map((name) => [name, modem.settings[name]]));
  const made = { identity: modem.identity, mac: macNow() };
  const now = (): Record<string, string | number | boolean> =>
    Object.fromEntries(Object.entries(macNow()).map(([name, value]) => [`mac.${name}`, value]));
  const texts = (from: Flash): Record<string, string> =>
    Object.fromEntries(
      Object.entries(from).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );

  let kept: { readonly identity: Modem['identity']; readonly flash: Flash; readonly session: boolean } = {
    identity: modem.identity,
    flash,
    session: flash['session'] === true,
  };
  let plain = texts(flash);
  const mark = (): string =>
    JSON.stringify([now(), plain, modem.joined, Object.values(modem.identity).map((value) => String(value))]);
  let marked = '';

  const restore = (): void => {
    modem.identity = kept.identity;
    Object.assign(modem.settings, made.mac);
    for (const name of macNames) {
      const value = kept.flash[`mac.${name}`];
      if (value !== undefined) (modem.settings as unknown as Record<keyof ModemSettings, unknown>)[name] = value;
    }
    plain = Object.fromEntries(Object.entries(texts(kept.flash)).filter(([name]) => !name.startsWith('mac.')));
  };

  return {
    get: (name) => plain[name],
    put: (name, value) => void (plain = { ...plain, [name]: value }),
    store() {
      if (mark() === marked) return false;
      marked = mark();
      kept = { identity: modem.identity, flash: { ...now(), ...plain, session: modem.joined }, session: modem.joined };
      return true;
    },
    get flash() {
      return kept.flash;
    },
    get session() {
      return kept.session;
    },
    restore,
    erase() {
      kept = { identity: made.identity, flash: {}, session: false };
      marked = '';
      restore();
    },
  };
};
