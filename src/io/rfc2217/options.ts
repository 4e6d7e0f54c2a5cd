import { escapeTelnet, telnetReader, telnetSuboption, telnetVerb, type TelnetVerb } from './telnet.js';

/** The options that a serial line over Telnet needs (RFC 856, 857, 858, 2217). */
export const telnetOption = { binary: 0, echo: 1, goAhead: 3, comPort: 44 } as const;
const { binary } = telnetOption;

/** What stands about an option in one direction. */
export type Agreement = 'unasked' | 'asked' | 'yes' | 'no';

export interface TelnetPlan {
  /** Options that we ask for at the start: done by us, or by the other end. */
  readonly askUs: readonly number[];
  readonly askThem: readonly number[];
  /** Options to which we say yes when the other end begins; to all others no. */
  readonly agreeUs: readonly number[];
  readonly agreeThem: readonly number[];
}

export interface TelnetOut {
  send(bytes: Uint8Array): void;
  data(bytes: Uint8Array): void;
  suboption(option: number, bytes: Uint8Array): void;
  /** Something was agreed or refused. */
  agreed?(): void;
}

/** One end of a Telnet connection. */
export interface TelnetEnd {
  /** Asks for what the plan says. */
  start(): void;
  take(bytes: Uint8Array): void;
  /** Data as it is to be written. */
  wrap(bytes: Uint8Array): Uint8Array;
  sub(option: number, bytes: Uint8Array): void;
  us(option: number): Agreement;
  them(option: number): Agreement;
}

const cr = 13;

/** A plain terminal of RFC 854 sends a carriage return as CR LF or CR NUL. */
const wrapPlain = (bytes: Uint8Array): Uint8Array => {
  const out: number[] = [];
  bytes.forEach((byte, i) => {
    out.push(byte);
    if (byte === cr && bytes[i + 1] !== 10) out.push(0);
  });
  return Uint8Array.from(out);
};

/**
 * Agrees with the other end about options, each at most once to and fro (an answer is never answered: RFC 854), and takes
 * the data from between.
 */
export const telnetEnd = (plan: TelnetPlan, out: TelnetOut): TelnetEnd => {
  const us = new Map<number, Agreement>();
  const them = new Map<number, Agreement>();
  let afterCr = false;

  /** The other end wants, or does: yes or no. Gives what we say to it, if anything. */
  const settle = (
    side: Map<number, Agreement>,
    option: number,
    { yes, allowed }: { readonly yes: boolean; readonly allowed: boolean },
  ): 'yes' | 'no' | undefined => {
    const before = side.get(option) ?? 'unasked';
    if (before === 'asked') {
      side.set(option, yes ? 'yes' : 'no');
      return undefined;
    }
    if (!yes) {
      side.set(option, 'no');
      return before === 'yes' ? 'no' : undefined;
    }
    if (before === 'yes') return undefined;
    if (!allowed) return 'no';
    side.set(option, 'yes');
    return 'yes';
  };

  const heard = (verb: TelnetVerb, option: number): void => {
    if (verb === 'do' || verb === 'dont') {
      const said = settle(us, option, { yes: verb === 'do', allowed: plan.agreeUs.includes(option) });
      if (said) out.send(telnetVerb(said === 'yes' ? 'will' : 'wont', option));
    } else {
      const said = settle(them, option, { yes: verb === 'will', allowed: plan.agreeThem.includes(option) });
      if (said) out.send(telnetVerb(said === 'yes' ? 'do' : 'dont', option));
    }
    out.agreed?.();
  };

  /** Takes the NUL from behind each CR of an end that has refused to be binary. */
  const plainData = (bytes: Uint8Array): Uint8Array => {
    const kept: number[] = [];
    for (const byte of bytes) {
      if (!(afterCr && byte === 0)) kept.push(byte);
      afterCr = byte === cr;
    }
    return Uint8Array.from(kept);
  };

  const take = telnetReader({
    data(bytes) {
      const data = them.get(binary) === 'no' ? plainData(bytes) : bytes;
      if (data.length > 0) out.data(data);
    },
    verb: heard,
    suboption: (option, bytes) => out.suboption(option, bytes),
  });

  return {
    start() {
      for (const option of plan.askUs) {
        us.set(option, 'asked');
        out.send(telnetVerb('will', option));
      }
      for (const option of plan.askThem) {
        them.set(option, 'asked');
        out.send(telnetVerb('do', option));
      }
    },
    take,
    wrap: (bytes) => escapeTelnet(us.get(binary) === 'no' ? wrapPlain(bytes) : bytes),
    sub: (option, bytes) => out.send(telnetSuboption(option, bytes)),
    us: (option) => us.get(option) ?? 'unasked',
    them: (option) => them.get(option) ?? 'unasked',
  };
};
