// Our own words for a command to a sensor and for what became of it: what MQTT and the control socket carry. Fields may
// be added, none changes its meaning.
import { fromBase64 } from '../../base/base64.js';
import { fromHex } from '../../base/hex.js';
import { oneLine } from '../../base/one-line.js';
import { fail, sentenceOf, type Problem } from '../../base/problem.js';
import { ok, type Failed, type Result } from '../../base/result.js';
import { isoFromUs, usFromIso, usPerSecond, type Us } from '../../base/time.js';
import type { Message } from '../../codec/sensor.js';

/** What a command asks for: bytes for a port, or a message that the codec of the device's model writes. */
export interface DownlinkCommand {
  /** 1 to 223; a message brings its port along. */
  readonly fPort?: number;
  readonly content:
    { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'message'; readonly message: Message };
  readonly confirmed: boolean;
  /** The sender's own name for it, 1 to 64 characters. */
  readonly id?: string;
  readonly expiresUs?: Us;
}

/** What each field of a command means, for the README: name, JSON type, meaning. */
export const commandFields: readonly (readonly [name: string, type: string, meaning: string])[] = [
  [
    'hex, data, message',
    'string, string, object',
    'one of them: hexadecimal bytes, base64, or a message for the codec',
  ],
  ['fPort', 'number', '1 to 223; needed unless there is a `message`'],
  ['confirmed', 'boolean', 'whether the sensor shall acknowledge it; default false'],
  ['id', 'string', 'your name for it, told in every result; at most 64 characters; made up when absent'],
  [
    'expiresAt, expiresInS',
    'time, number',
    'one of them: after this instant, or so many seconds, it is not sent any more',
  ],
];

/** What each field of a result means, for the README. */
export const downlinkEventFields: readonly (readonly [name: string, type: string, meaning: string])[] = [
  ['v', '1', 'version of this schema'],
  ['id', 'string', 'that of the command; absent when it could not be read'],
  ['device', 'string', 'DevEUI'],
  ['state', 'string', '`queued`, `sent` (left a gateway), `acknowledged`, `failed`'],
  ['why, reason', 'string', 'of `failed`: a stable word for programs, and a sentence for people'],
  ['fPort, confirmed', 'number, boolean', 'as commanded'],
  ['fCnt, frame', 'number, string', 'counter and id of the LoRaWAN frame that carried it, from `sent` on'],
  ['time', 'time', 'when'],
  ['simulated', 'true', 'made by a simulation or a replay; absent otherwise'],
];

// A message for a codec is small; the longest LoRaWAN payload is 242 bytes (RP002-1.0.4 §2.4.6).
export const mostCommandBytes = 8_192;
const mostPayloadBytes = 242;
const mostIdLetters = 64;
const mostSpanS = 366 * 86_400;

const known = ['fPort', 'hex', 'data', 'message', 'confirmed', 'id', 'expiresAt', 'expiresInS'] as const;
type Name = (typeof known)[number];
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  if (isObject(value)) return 'an object';
  if (Array.isArray(value)) return 'a list';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
};

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= mostIdLetters && oneLine(value) === value;

/** Why a command was not taken, and its id when that much could be read. */
export interface UnreadableCommand extends Failed {
  readonly id?: string;
}

/**
 * The command that a text of JSON asks for. Problems, beside those of `commandFrom`: `command-too-long` (8 KiB),
 * `command-no-json`.
 */
export const readCommand = (text: string, nowUs: Us): Result<DownlinkCommand> | UnreadableCommand => {
  if (text.length > mostCommandBytes) return fail('command-too-long', { have: text.length, most: mostCommandBytes });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail('command-no-json', { why: (error as Error).message.slice(0, 120) });
  }
  return commandFrom(value, nowUs);
};

/**
 * The command that a JSON value asks for. Problems: `command-field` with the field, what stands there and what is
 * expected; `command-unknown-field`, `command-content`, `command-no-port`, `command-two-ends`.
 */
export const commandFrom = (value: unknown, nowUs: Us): Result<DownlinkCommand> | UnreadableCommand => {
  const read = readFields(value, nowUs);
  if (read.ok || !isObject(value)) return read;
  const id = Object.hasOwn(value, 'id') ? value['id'] : undefined;
  return isId(id) ? { ...read, id } : read;
};

const wrong = (field: string, value: unknown, expected: string): Failed =>
  fail('command-field', { field, value: shown(value), expected });

const readFields = (value: unknown, nowUs: Us): Result<DownlinkCommand> => {
  if (!isObject(value)) return wrong('the whole', value, 'an object');
  const strange = Object.keys(value).find((name) => !(known as readonly string[]).includes(name));
  if (strange !== undefined)
    return fail('command-unknown-field', { field: JSON.stringify(strange.slice(0, 40)), known: known.join(', ') });
  // A field that is null was not said: many a program writes it so.
  const get = (name: Name): unknown => (Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined);

  const fPort = get('fPort');
  if (fPort !== undefined && !(Number.isInteger(fPort) && (fPort as number) >= 1 && (fPort as number) <= 223))
    return wrong('fPort', fPort, 'a whole number from 1 to 223');
  const confirmed = get('confirmed') ?? false;
  if (typeof confirmed !== 'boolean') return wrong('confirmed', confirmed, 'true or false');
  const id = get('id');
  if (id !== undefined && !isId(id)) return wrong('id', id, `a text of 1 to ${mostIdLetters} plain characters`);
  const content = readContent(get);
  if (!content.ok) return content;
  if (content.value.kind === 'bytes' && fPort === undefined) return fail('command-no-port');
  const expiresUs = readEnd(get, nowUs);
  if (!expiresUs.ok) return expiresUs;
  return ok({
    ...(fPort !== undefined && { fPort: fPort as number }),
    content: content.value,
    confirmed,
    ...(id !== undefined && { id }),
    ...(expiresUs.value !== undefined && { expiresUs: expiresUs.value }),
  });
};

const readContent = (get: (name: Name) => unknown): Result<DownlinkCommand['content']> => {
  const given = (['hex', 'data', 'message'] as const).filter((name) => get(name) !== undefined);
  const [name] = given;
  if (name === undefined || given.length > 1) return fail('command-content', { have: given.join(' and ') || 'none' });
  const value = get(name);
  if (name === 'message')
    return isObject(value) && Object.hasOwn(value, 'type') && typeof value['type'] === 'string'
      ? ok({ kind: 'message', message: value as Message })
      : wrong(name, value, 'an object with a type');
  const form = name === 'hex' ? 'hexadecimal digits, two per byte' : 'a text in base64';
  const bytes = typeof value === 'string' ? (name === 'hex' ? fromHex : fromBase64)(value, name) : undefined;
  if (!bytes?.ok) return wrong(name, value, form);
  return bytes.value.length > mostPayloadBytes
    ? wrong(name, `${bytes.value.length} bytes`, `at most ${mostPayloadBytes} bytes`)
    : ok({ kind: 'bytes', bytes: bytes.value });
};

const readEnd = (get: (name: Name) => unknown, nowUs: Us): Result<Us | undefined> => {
  const [at, inS] = [get('expiresAt'), get('expiresInS')];
  if (at !== undefined && inS !== undefined) return fail('command-two-ends');
  if (at !== undefined) {
    const us = typeof at === 'string' ? usFromIso(at) : undefined;
    return us === undefined ? wrong('expiresAt', at, 'an instant such as 2026-06-01T07:30:00Z') : ok(us);
  }
  if (inS === undefined) return ok(undefined);
  return typeof inS === 'number' && inS > 0 && inS <= mostSpanS
    ? ok(nowUs + Math.ceil(inS * usPerSecond))
    : wrong('expiresInS', inS, `a number above 0, at most ${mostSpanS}`);
};

/** What a result tells of; the network's own event has all of it. */
export interface DownlinkFacts {
  readonly id?: string;
  readonly devEui: string;
  readonly atUs: Us;
  readonly state: DownlinkEventJson['state'];
  readonly why?: string;
  readonly fPort?: number;
  readonly confirmed?: boolean;
  readonly fCnt?: number;
  readonly frame?: string;
  readonly simulated?: true;
}

/** What became of a command, as JSON. */
export interface DownlinkEventJson {
  readonly v: 1;
  readonly id?: string;
  readonly device: string;
  readonly state: 'queued' | 'sent' | 'acknowledged' | 'failed';
  readonly why?: string;
  readonly reason?: string;
  readonly fPort?: number;
  readonly confirmed?: boolean;
  readonly fCnt?: number;
  readonly frame?: string;
  readonly time: string;
  readonly simulated?: true;
}

/** The event in the words of the schema; `reason` is the sentence that belongs to its `why`. */
export const downlinkEventJson = (event: DownlinkFacts, reason?: string): DownlinkEventJson => ({
  v: 1,
  ...(event.id !== undefined && { id: event.id }),
  device: event.devEui,
  state: event.state,
  ...(event.why !== undefined && { why: event.why }),
  ...(reason !== undefined && { reason }),
  ...(event.fPort !== undefined && { fPort: event.fPort }),
  ...(event.confirmed !== undefined && { confirmed: event.confirmed }),
  ...(event.fCnt !== undefined && { fCnt: event.fCnt }),
  ...(event.frame !== undefined && { frame: event.frame }),
  time: isoFromUs(event.atUs),
  ...(event.simulated && { simulated: true as const }),
});

/** The result of a command that never became a downlink. */
export const refusedCommandJson = (
  what: Problem,
  facts: Pick<DownlinkFacts, 'id' | 'devEui' | 'atUs' | 'simulated'>,
): DownlinkEventJson => downlinkEventJson({ ...facts, state: 'failed', why: what.code }, sentenceOf(what));
