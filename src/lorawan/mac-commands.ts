import { toHex } from '../base/hex.js';
import { problem, type Problem } from '../base/problem.js';
import { copyOf } from './data-crypto.js';
import type { DownlinkCommand, MacCommand, UplinkCommand } from './mac-command.js';
import { downlinkRows, uplinkRows, type MacField } from './mac-table.js';

/** What a list of commands says, as far as it can be read. */
export interface CommandList<C extends MacCommand> {
  /** In the order of the bytes; they hold even when what follows them cannot be read. */
  readonly commands: readonly C[];
  /** From the first command that cannot be read to the end: its length is unknown, and so is everything after it. */
  readonly rest: Uint8Array;
  /** Why the reading stopped before the end. */
  readonly problem?: Problem;
}

interface Row {
  readonly kind: MacCommand['kind'];
  readonly cid: number;
  readonly name: string;
  readonly length: number;
  readonly fields: readonly (readonly [string, MacField<unknown>])[];
}

const flatten = (rows: object): readonly Row[] =>
  Object.entries(rows).map(([kind, one]) => ({ ...one, kind, fields: Object.entries(one.fields) }) as Row);
const uplink = flatten(uplinkRows);
const downlink = flatten(downlinkRows);
const byCid = {
  uplink: new Map(uplink.map((row) => [row.cid, row])),
  downlink: new Map(downlink.map((row) => [row.cid, row])),
};
const byKind: ReadonlyMap<string, Row> = new Map([...uplink, ...downlink].map((row) => [row.kind, row]));

/** A field's bits; the shifts of JavaScript end at 32, so bytes are added up. */
const bitsAt = (bytes: Uint8Array, from: number, { bit, bits }: MacField<unknown>): number => {
  let raw = 0;
  for (let i = Math.floor(bit / 8), scale = 1; 8 * i < bit + bits; i++, scale *= 256) raw += bytes[from + i]! * scale;
  return Math.floor(raw / 2 ** (bit % 8)) % 2 ** bits;
};

const putBits = (bytes: Uint8Array, from: number, { bit, bits }: MacField<unknown>, value: number): void => {
  let raw = value * 2 ** (bit % 8);
  for (let i = Math.floor(bit / 8); 8 * i < bit + bits; i++, raw = Math.floor(raw / 256)) bytes[from + i]! |= raw % 256;
};

const read = <C extends MacCommand>(bytes: Uint8Array, direction: 'uplink' | 'downlink'): CommandList<C> => {
  const commands: C[] = [];
  const stop = (at: number, why: Problem): CommandList<C> => ({
    commands,
    rest: copyOf(bytes, at, bytes.length),
    problem: why,
  });
  let at = 0;
  while (at < bytes.length) {
    const row = byCid[direction].get(bytes[at]!);
    if (!row) {
      const code = bytes[at]! >= 0x80 ? 'mac-command-proprietary' : 'mac-command-unknown';
      return stop(at, problem(code, { cid: toHex(bytes.subarray(at, at + 1)), at, direction }));
    }
    const have = bytes.length - at - 1;
    if (have < row.length) return stop(at, problem('mac-command-cut', { name: row.name, at, need: row.length, have }));
    const command: Record<string, unknown> = { kind: row.kind };
    for (const [name, field] of row.fields) {
      const raw = bitsAt(bytes, at + 1, field);
      const value = field.read(raw);
      if (value === undefined) return stop(at, problem('bad-field', { field: `${row.name} ${name}`, value: raw }));
      command[name] = value;
    }
    commands.push(command as unknown as C);
    at += 1 + row.length;
  }
  return { commands, rest: new Uint8Array(0) };
};

/**
 * The MAC commands that a device sent, in FOpts or on port 0, both in clear. Never throws. Reserved bits are ignored.
 *
 * @example readUplinkCommands(hex('0307')).commands  // [{ kind: 'link-adr-ans', channelMaskOk: true, ... }]
 */
export const readUplinkCommands = (bytes: Uint8Array): CommandList<UplinkCommand> => read(bytes, 'uplink');

/** The MAC commands that a network sent, in FOpts or on port 0, both in clear. Never throws. Reserved bits are ignored. */
export const readDownlinkCommands = (bytes: Uint8Array): CommandList<DownlinkCommand> => read(bytes, 'downlink');

/**
 * The bytes of these commands, in this order, reserved bits zero. Whether they fit into FOpts (15 bytes) or a data rate
 * is the caller's business. Throws a RangeError for a value that its field cannot hold.
 */
export const writeCommands = (commands: readonly MacCommand[]): Uint8Array => {
  const bytes = new Uint8Array(commands.reduce((sum, command) => sum + commandBytes(command), 0));
  let at = 0;
  for (const command of commands) {
    const row = rowOf(command);
    bytes[at] = row.cid;
    for (const [name, field] of row.fields) {
      const value = (command as unknown as Record<string, unknown>)[name];
      const raw = field.write(value);
      if (!Number.isInteger(raw) || raw < 0 || raw >= 2 ** field.bits)
        throw new RangeError(`${row.name}: ${name} cannot be ${String(value)}`);
      putBits(bytes, at + 1, field, raw);
    }
    at += 1 + row.length;
  }
  return bytes;
};

const rowOf = ({ kind }: { readonly kind: MacCommand['kind'] }): Row => {
  const row = byKind.get(kind);
  if (!row) throw new RangeError(`${kind} is no MAC command`);
  return row;
};

/** How many bytes a command takes, its CID included. */
export const commandBytes = (command: { readonly kind: MacCommand['kind'] }): number => 1 + rowOf(command).length;

/** The standard's own name of a command, such as `LinkADRReq`. */
export const commandName = (command: { readonly kind: MacCommand['kind'] }): string => rowOf(command).name;
