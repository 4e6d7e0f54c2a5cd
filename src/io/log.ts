import { redact } from '../base/secrets.js';
import type { Log } from '../base/log.js';
import { isoFromUs } from '../base/time.js';
import type { Clock } from './clock.js';

/** A log that writes one line per event; keys are redacted here, whoever calls. `json` for machines, else for people. */
export const lineLog = (
  write: (line: string) => void,
  { clock, json }: { readonly clock: Clock; readonly json: boolean },
): Log => {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return (event, fields = {}) => {
    const safe = redact(fields) as Record<string, unknown>;
    const time = isoFromUs(clock.nowUs());
    if (json) return write(JSON.stringify({ time, event, ...safe }));
    const facts = Object.entries(safe).filter(([, value]) => value !== undefined);
    write(
      `${time.slice(11, 19)} ${event.padEnd(18)} ${facts.map(([name, value]) => `${name}=${text(value)}`).join(' ')}`.trimEnd(),
    );
  };
};
