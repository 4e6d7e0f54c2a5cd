import type { Command, LineReader, Meaning } from '../../../src/console/dialect.js';
import type { Refusal } from '../../../src/console/events.js';
import { eventTeller, isNews } from './events.js';

/** Every word that ends a command, and what it says; also of the bootloader. */
export const refusals: Readonly<Record<string, Refusal>> = {
  AT_ERROR: 'failed',
  AT_PARAM_ERROR: 'bad-value',
  AT_BUSY_ERROR: 'busy',
  AT_TEST_PARAM_OVERFLOW: 'bad-value',
  AT_NO_CLASSB_ENABLE: 'wrong-mode',
  AT_NO_NETWORK_JOINED: 'not-joined',
  AT_RX_ERROR: 'failed',
  AT_MODE_NO_SUPPORT: 'wrong-mode',
  AT_COMMAND_NOT_FOUND: 'unknown-command',
  AT_UNSUPPORTED_BAND: 'wrong-region',
  'AT not support.': 'wrong-mode',
  'Jump failed. No legal application detected.': 'failed',
};

/** Whether this command's answer has lines of its own without its name; what a person types may be anything. */
const hasBareValues = ({ name, text }: Command): boolean => name === '' || text.includes('?');

/** Reads RUI3, versions 3 to 5, and the few words of its bootloader. */
export const reader = (): LineReader => {
  const tell = eventTeller();
  let waitMs: number | undefined;

  const status = (line: string): Meaning | undefined => {
    // `Tx tone` has no line end of its own.
    const word = line.replace(/^Tx tone/, '');
    if (word === 'OK' || word === 'Stop Boot Mode') return { kind: 'ok' };
    // Every firmware has words of its own: one that is not in the list is a refusal all the same.
    const why = refusals[word] ?? (/^AT_[A-Z_]+$/.test(word) ? 'failed' : undefined);
    if (why === undefined) return undefined;
    if (why !== 'busy' || waitMs === undefined) return { kind: 'refused', why, code: word };
    return { kind: 'refused', why: 'duty-cycle', code: `${word}, Restricted_Wait_${waitMs}_ms`, waitMs };
  };

  return {
    line(line, open) {
      if (line === 'COMMAND_LOCKED') {
        const locked: Meaning = { kind: 'event', event: { kind: 'locked' } };
        return open ? [locked, { kind: 'refused', why: 'locked', code: line }] : [locked];
      }
      const event = tell(line);
      if (event) return [{ kind: 'event', event }];
      const wait = /^Restricted_Wait_(\d{1,9})_ms$/.exec(line);
      if (wait) waitMs = Number(wait[1]);
      if (wait || isNews(line) || !open) return [{ kind: 'log' }];
      const end = status(line);
      if (end) {
        waitMs = undefined;
        return [end];
      }
      return [{ kind: hasBareValues(open) || /^AT\+\w+=/i.test(line) ? 'value' : 'log' }];
    },
  };
};

/** `OK` without a line end: a change of mode says it so, and restarts. */
export const bare = (open: string, command: Command | undefined): boolean => command !== undefined && open === 'OK';
