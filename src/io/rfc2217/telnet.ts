// Telnet as bytes (RFC 854): commands and suboptions that lie between the data, each led in by IAC.

const se = 240;
const sb = 250;
const iac = 255;
/** WILL, WONT, DO, DONT (RFC 854): what one end says that it will do, and what it wants the other end to do. */
const verbs = ['will', 'wont', 'do', 'dont'] as const;
const firstVerb = 251;

export type TelnetVerb = (typeof verbs)[number];

/** No suboption that anybody needs is longer; what is longer is dropped whole. */
export const mostSuboptionBytes = 1_024;

export interface TelnetEars {
  /** Data as the other end wrote it; never empty. Only good during the call. */
  data(bytes: Uint8Array): void;
  verb(verb: TelnetVerb, option: number): void;
  /** A suboption without what leads it in and out. */
  suboption(option: number, bytes: Uint8Array): void;
}

/** Takes bytes of a Telnet connection, in any pieces, and tells what is in them. Never throws; other commands are left out. */
export const telnetReader = (ears: TelnetEars): ((bytes: Uint8Array) => void) => {
  let state: 'data' | 'command' | 'verb' | 'suboption' | 'suboption-command' = 'data';
  let verb: TelnetVerb = 'will';
  let inside: number[] = [];
  const one = Uint8Array.of(iac);

  const keep = (byte: number): void => {
    // One more than is allowed is kept as the sign that it was too long.
    if (inside.length <= mostSuboptionBytes) inside.push(byte);
  };
  const command = (byte: number): void => {
    state = 'data';
    if (byte === iac) ears.data(one.slice());
    else if (byte >= firstVerb) {
      verb = verbs[byte - firstVerb]!;
      state = 'verb';
    } else if (byte === sb) {
      inside = [];
      state = 'suboption';
    }
  };
  const suboptionCommand = (byte: number): void => {
    if (byte === iac) {
      keep(iac);
      state = 'suboption';
      return;
    }
    const [option, ...rest] = inside;
    inside = [];
    state = 'data';
    if (byte !== se) return command(byte); // One that never ended: what follows is a command of its own.
    if (option !== undefined && rest.length < mostSuboptionBytes) ears.suboption(option, Uint8Array.from(rest));
  };

  return (bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      switch (state) {
        case 'data': {
          const next = bytes.indexOf(iac, i);
          const end = next < 0 ? bytes.length : next;
          if (end > i) ears.data(bytes.subarray(i, end));
          if (next >= 0) state = 'command';
          i = end;
          break;
        }
        case 'command':
          command(byte);
          break;
        case 'verb':
          state = 'data';
          ears.verb(verb, byte);
          break;
        case 'suboption':
          if (byte === iac) state = 'suboption-command';
          else keep(byte);
          break;
        case 'suboption-command':
          suboptionCommand(byte);
          break;
      }
    }
  };
};

/** Data as it is written into a Telnet connection: each 0xFF twice. The same array when there is none. */
export const escapeTelnet = (bytes: Uint8Array): Uint8Array => {
  if (!bytes.includes(iac)) return bytes;
  const out: number[] = [];
  for (const byte of bytes) {
    if (byte === iac) out.push(iac);
    out.push(byte);
  }
  return Uint8Array.from(out);
};

/** A command about an option, such as IAC WILL BINARY. */
export const telnetVerb = (verb: TelnetVerb, option: number): Uint8Array =>
  Uint8Array.of(iac, firstVerb + verbs.indexOf(verb), option);

/** A suboption, ready to be written. */
export const telnetSuboption = (option: number, bytes: Uint8Array): Uint8Array =>
  Uint8Array.from([iac, sb, option, ...escapeTelnet(bytes), iac, se]);
