import { fail, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import type { Codec, Field } from './codec.js';
import type { Context, Example, Format, Message, Reading, SensorModel, SensorOptions } from './sensor.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- every codec has a message of its own; MessagesOf joins them
type Layouts = Readonly<Record<string, Codec<any>>>;
/** Layouts by port and then by message type; `any` for a sensor whose format names no port. */
export type Ports = Readonly<Record<number, Layouts>> | { readonly any: Layouts };

type Flat<P> = {
  [Port in keyof P]: {
    [T in keyof P[Port]]: P[Port][T] extends Codec<infer M> ? { readonly type: T } & M : never;
  }[keyof P[Port]];
}[keyof P];
/** The union of all messages of some ports, each with its `type`. */
export type MessagesOf<P> = Flat<P>;

/** What `toReadings` may look at beside the message. */
export interface ReadingContext {
  /** The device's options over the model's defaults. */
  readonly options: SensorOptions;
  /** When the frame was heard, where that is known. */
  readonly heardUs?: Us;
}

/** What a file in `devices/sensors` declares. */
export interface SensorDeclaration<U extends Ports, D extends Ports> {
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
  /** Where the format is published. */
  readonly source: string;
  /** Seconds between two signs of life, as its maker sets it; absent: a day. */
  readonly heartbeatS?: number;
  /** Port of messages whose format names none. */
  readonly defaultFPort: number;
  readonly ports: U;
  readonly downlinks?: D;
  readonly options?: SensorModel['options'];
  readonly defaults?: SensorOptions;
  /** Whether a device with these options sends (or takes) this type; absent: always. For firmwares that differ. */
  readonly only?: (type: string, options: SensorOptions) => boolean;
  /** What a message says about the bay, oldest first. */
  readonly toReadings: (message: MessagesOf<U>, context: ReadingContext) => readonly Reading[];
  /** What in a message tells a person or their telephone apart; needed when a field is `personal`. */
  readonly identifiers?: (message: MessagesOf<U>) => readonly string[];
  readonly examples: readonly Example[];
}

interface Placed {
  readonly fPort: number | 'any';
  readonly type: string;
  readonly codec: Codec<object>;
}

const flatten = (ports: Ports): readonly Placed[] =>
  Object.entries(ports as Readonly<Record<string, Layouts>>).flatMap(([port, layouts]) =>
    Object.entries(layouts).map(([type, codec]) => ({
      fPort: port === 'any' ? ('any' as const) : Number(port),
      type,
      codec,
    })),
  );

/** How far a codec got: of several problems the one of the codec that knew most about the bytes is told. */
const weight = ({ code, facts }: Problem): number =>
  2 * Number(facts['at'] ?? 0) + (code === 'wrong-length' || code === 'too-short' || code === 'too-long' ? 0 : 1);

/** What a LoRaWAN frame carries in any region. */
const mostBytes = 242;

type May = (type: string, context?: Context) => boolean;
interface Way {
  readonly defaultFPort: number;
  readonly may: May | undefined;
  readonly noPort: 'unknown-port' | 'unknown-command-port';
}

/** One direction of a sensor: find the layout, add or take away the type. */
const direction = (id: string, ports: Ports, { defaultFPort, may, noPort }: Way) => {
  const layouts = flatten(ports);
  const onAny = layouts.filter(({ fPort }) => fPort === 'any');
  const byPort = new Map(
    layouts.map(({ fPort }) => [fPort, layouts.filter((one) => one.fPort === 'any' || one.fPort === fPort)]),
  );
  const known = [...new Set(layouts.map(({ fPort }) => String(fPort)))].join(', ') || '(none)';
  const types = [...new Set(layouts.map(({ type }) => type))];

  const candidates = (fPort: number): readonly Placed[] => byPort.get(fPort) ?? onAny;

  const decode = (fPort: number, bytes: Uint8Array, context?: Context): Result<Message> => {
    let worst: Problem | undefined;
    for (const { type, codec } of candidates(fPort)) {
      if (may && !may(type, context)) continue;
      const decoded = codec.decode(bytes);
      if (decoded.ok) return ok({ type, ...decoded.value });
      if (!worst || weight(decoded.problem) > weight(worst)) worst = decoded.problem;
    }
    return worst ? failed(worst) : fail(noPort, { model: id, fPort, known });
  };

  return {
    types,
    fPorts: onAny.length > 0 ? ('any' as const) : [...new Set(layouts.map(({ fPort }) => Number(fPort)))],
    layouts,
    decode,
    annotate(fPort: number, bytes: Uint8Array, context?: Context): readonly Field[] {
      const fits = ({ type, codec }: Placed): boolean => (!may || may(type, context)) && codec.decode(bytes).ok;
      return candidates(fPort).find(fits)?.codec.annotate(bytes) ?? [];
    },
    encode(message: Message): Result<{ fPort: number; bytes: Uint8Array }> {
      const placed = layouts.find(({ type }) => type === message.type);
      if (!placed)
        return fail('unknown-message', { model: id, type: String(message.type), known: types.join(', ') || '(none)' });
      const { type: _type, ...fields } = message;
      const bytes = placed.codec.encode(fields);
      if (!bytes.ok) return bytes;
      const { length } = bytes.value;
      if (length > mostBytes)
        return fail('bad-message', {
          field: 'message',
          why: `it has ${length} bytes, at most ${mostBytes} go into a frame`,
        });
      return ok({ fPort: placed.fPort === 'any' ? defaultFPort : placed.fPort, bytes: bytes.value });
    },
    codec: (type: string): Codec<object> | undefined => layouts.find((one) => one.type === type)?.codec,
  };
};

/** A sensor model from its declaration: one table of layouts gives both directions. */
export const defineSensor = <const U extends Ports, const D extends Ports = Record<number, never>>(
  what: SensorDeclaration<U, D>,
): SensorModel => {
  const { id, defaultFPort, only } = what;
  const defaults = what.defaults ?? {};
  const optionsOf = (context: Context | undefined): SensorOptions =>
    context?.options ? { ...defaults, ...context.options } : defaults;
  const may: May | undefined = only && ((type, context) => only(type, optionsOf(context)));
  const up = direction(id, what.ports, { defaultFPort, may, noPort: 'unknown-port' });
  const down = direction(id, what.downlinks ?? {}, { defaultFPort, may, noPort: 'unknown-command-port' });
  const formats = (side: typeof up, way: Format['direction']): readonly Format[] =>
    side.layouts.map(({ type, fPort, codec }) => ({ type, fPort, direction: way, rows: codec.rows }));
  return {
    id,
    vendor: what.vendor,
    model: what.model,
    source: what.source,
    ...(what.heartbeatS !== undefined && { heartbeatS: what.heartbeatS }),
    defaultFPort,
    fPorts: up.fPorts,
    messageTypes: up.types,
    commandTypes: down.types,
    examples: what.examples,
    ...(what.options && { options: what.options }),
    defaults,
    decode: up.decode,
    encode: up.encode,
    decodeCommand: down.decode,
    encodeCommand: down.encode,
    annotate: up.annotate,
    annotateCommand: down.annotate,
    toReadings: (message, context) =>
      what.toReadings(message as MessagesOf<U>, {
        options: optionsOf(context),
        ...(context?.heardUs !== undefined && { heardUs: context.heardUs }),
      }),
    identifiers: (message) => what.identifiers?.(message as MessagesOf<U>) ?? [],
    formats: [...formats(up, 'uplink'), ...formats(down, 'downlink')],
    sample(type, dice) {
      const codec = up.codec(type) ?? down.codec(type);
      if (!codec) throw new RangeError(`${id} has no message ${type}`);
      return { type, ...codec.sample(dice) };
    },
  };
};
