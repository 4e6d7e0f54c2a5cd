import { fail, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Codec } from './codec.js';
import type { Example, Message, Reading, SensorModel, SensorOptions } from './sensor.js';

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

/** What a file in `devices/sensors` declares. */
export interface SensorDeclaration<U extends Ports, D extends Ports> {
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
  /** Where the format is published. */
  readonly source: string;
  /** Port of messages whose format names none. */
  readonly defaultFPort: number;
  readonly ports: U;
  readonly downlinks?: D;
  readonly options?: SensorModel['options'];
  readonly defaults?: SensorOptions;
  /** What a message says about the bay, oldest first. */
  readonly toReadings: (message: MessagesOf<U>, options: SensorOptions) => readonly Reading[];
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

/** One direction of a sensor: find the layout, add or take away the type. */
const direction = (id: string, ports: Ports, defaultFPort: number) => {
  const layouts = flatten(ports);
  const onPort = (fPort: number): readonly Placed[] =>
    layouts.filter((one) => one.fPort === 'any' || one.fPort === fPort);
  const known = [...new Set(layouts.map(({ fPort }) => String(fPort)))].join(', ') || '(none)';
  const types = [...new Set(layouts.map(({ type }) => type))];

  const find = (fPort: number, bytes: Uint8Array): Result<{ readonly placed: Placed; readonly message: Message }> => {
    const candidates = onPort(fPort);
    if (candidates.length === 0) return fail('unknown-port', { model: id, fPort, known });
    let worst: Problem | undefined;
    for (const placed of candidates) {
      const decoded = placed.codec.decode(bytes);
      if (decoded.ok) return ok({ placed, message: { type: placed.type, ...decoded.value } });
      if (!worst || weight(decoded.problem) > weight(worst)) worst = decoded.problem;
    }
    return { ok: false, problem: worst! };
  };

  return {
    types,
    fPorts: layouts.some(({ fPort }) => fPort === 'any')
      ? ('any' as const)
      : [...new Set(layouts.map(({ fPort }) => Number(fPort)))],
    find,
    decode(fPort: number, bytes: Uint8Array): Result<Message> {
      const found = find(fPort, bytes);
      return found.ok ? ok(found.value.message) : found;
    },
    encode(message: Message): Result<{ fPort: number; bytes: Uint8Array }> {
      const placed = layouts.find(({ type }) => type === message.type);
      if (!placed)
        return fail('unknown-message', { model: id, type: String(message.type), known: types.join(', ') || '(none)' });
      const { type: _type, ...fields } = message;
      const bytes = placed.codec.encode(fields);
      return bytes.ok ? ok({ fPort: placed.fPort === 'any' ? defaultFPort : placed.fPort, bytes: bytes.value }) : bytes;
    },
    codec: (type: string): Codec<object> | undefined => layouts.find((one) => one.type === type)?.codec,
  };
};

/** A sensor model from its declaration: one table of layouts gives both directions. */
export const defineSensor = <const U extends Ports, const D extends Ports = Record<number, never>>(
  what: SensorDeclaration<U, D>,
): SensorModel => {
  const up = direction(what.id, what.ports, what.defaultFPort);
  const down = direction(what.id, what.downlinks ?? {}, what.defaultFPort);
  const defaults = what.defaults ?? {};
  return {
    id: what.id,
    vendor: what.vendor,
    model: what.model,
    source: what.source,
    defaultFPort: what.defaultFPort,
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
    annotate(fPort, bytes) {
      const found = up.find(fPort, bytes);
      return found.ok ? found.value.placed.codec.annotate(bytes) : [];
    },
    toReadings: (message, options) => what.toReadings(message as MessagesOf<U>, { ...defaults, ...options }),
    sample(type, dice) {
      const codec = up.codec(type) ?? down.codec(type);
      if (!codec) throw new RangeError(`${what.id} has no message ${type}`);
      return { type, ...codec.sample(dice) };
    },
  };
};
