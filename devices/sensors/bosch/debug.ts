import { inUnit, hexBytes, littleEndian, uint, type Part } from '../../../src/codec/parts.js';
import type { Reading, RestartCause } from '../../../src/codec/sensor.js';

interface DebugCode {
  readonly meaning: string;
  /** What the sensor has to complain about; the other codes are notes. */
  readonly fault?: string;
  readonly restart?: RestartCause;
}

const note = (meaning: string): DebugCode => ({ meaning });
const trouble = (fault: string, meaning: string): DebugCode => ({ meaning, fault });
const restarted = (restart: RestartCause, meaning: string): DebugCode => ({ meaning, restart });
const refused = (why: string): DebugCode => trouble('command-refused', `command refused: ${why}`);

/** Each of these has two codes in a row, for a value and for a length that the sensor does not take. */
const commandsFrom = (first: number, commands: readonly string[]): readonly (readonly [number, DebugCode])[] =>
  commands.flatMap((command, i) => [
    [first + 2 * i, refused(`bad value for ${command}`)] as const,
    [first + 2 * i + 1, refused(`bad length for ${command}`)] as const,
  ]);

/** What the codes mean, by the table of the 0.39.2 codec; 205, which real sensors send, is in no public table. */
export const debugCodes: ReadonlyMap<number, DebugCode> = new Map([
  [201, trouble('join-failed', 'join failed')],
  [208, restarted('watchdog', 'last reset by the watchdog')],
  [209, restarted('power-on', 'last reset by power-on')],
  [210, restarted('other', 'last reset for an unknown reason')],
  [215, restarted('lockup', 'last reset by a lockup')],
  [216, restarted('external-pin', 'last reset by the external pin')],
  [217, restarted('brownout', 'last reset by a brownout')],
  [404, trouble('recalibrating', 'detection is recalibrating')],
  [717, trouble('uplink-unacknowledged', 'confirmed uplink not acknowledged after 8 tries')],
  [720, trouble('join-failed', 'join failed')],
  [729, trouble('uplink-unacknowledged', 'confirmed uplink not acknowledged after 8 tries')],
  [800, refused('bad port')],
  [802, refused('bad length')],
  [804, refused('bad frame type')],
  [805, note('configuration was already active')],
  [808, refused('data rate (port 52) while ADR is on')],
  [809, refused('confirmation (port 51) while ADR is on')],
  [810, refused('debug (port 56) while ADR is on')],
  ...commandsFrom(880, ['data rate (port 52)', 'information (port 54)', 'confirmation (port 51)']),
  [886, trouble('heartbeat-test-mode', 'heartbeat test mode is on (port 53)')],
  ...commandsFrom(887, ['heartbeat (port 53)', 'debug (port 56)', 'temperature (port 57)']),
  ...commandsFrom(893, ['usage (port 55)', 'ADR (port 58)', 'ADR offset (port 59)']),
  [899, refused('bad request')],
  [900, refused('bad value for the temperature threshold (port 60)')],
  [901, refused('bad offset for the temperature threshold (port 60)')],
  [902, refused('bad length for the temperature threshold (port 60)')],
  [1001, trouble('user-configuration-recovered', 'user configuration recovered')],
  [1003, trouble('communication-parameters-recovered', 'communication parameters recovered')],
]);

/** Shown with its meaning, kept as the number that the sensor sends. */
const code: Part<number> = {
  ...uint(12),
  show: (value) => `${value} (${debugCodes.get(value)?.meaning ?? 'in no public table'})`,
};

/**
 * A record of the sensor's own log, from firmware 0.29 on. Uptime is little-endian: only so do the captures make sense,
 * although the public decoders read it the other way round.
 */
export const debugRecord = {
  uptimeS: littleEndian(inUnit(uint(32), 's')),
  line: hexBytes(2),
  severity: uint(4),
  code,
  sequence: uint(16),
} as const;

/** The same ten bytes below firmware 0.29: captures of 0.23 look different, and nobody has said how they read. */
export const opaqueRecord = { record: hexBytes(10) } as const;

/** What a record says beyond the sensor's own log. */
export const readingsOf = (number: number): readonly Reading[] => {
  const { fault, restart } = debugCodes.get(number) ?? {};
  if (fault === undefined && restart === undefined) return [];
  return [{ ...(fault !== undefined && { fault }), ...(restart !== undefined && { restart }) }];
};
