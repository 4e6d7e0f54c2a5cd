import type { LineReader, Meaning } from '../../../src/console/dialect.js';
import { heltecLog, licenceLog } from '../heltec/log.js';
import { modeOf } from './rom.js';
import { syntax } from './table.js';

/** The lines of an ESP32: its ROM, its licence, and the log of its sketch. */
export const reader = (): LineReader => {
  const log = heltecLog();
  const licence = licenceLog();
  return {
    line(text, open) {
      const mode = modeOf(text);
      if (mode !== undefined)
        return [{ kind: 'event', event: { kind: 'boot', ...(mode === 'bootloader' && { mode }) } }];
      if (open && syntax.value(text, open.text.replace(/^AT\+(\w+)=\?$/, '$1')) !== undefined)
        return [{ kind: 'value' }];
      const licensed = licence.line(text);
      const state = licensed?.[0]?.kind === 'event' && licensed[0].event.kind === 'licence' && licensed[0].event.state;
      if (licensed && open?.text.startsWith('AT+CDKEY=') && (state === 'valid' || state === 'wrong')) {
        const status: Meaning =
          state === 'valid' ? { kind: 'ok' } : { kind: 'refused', why: 'bad-value', code: 'Error license!' };
        return [status, ...licensed];
      }
      return licensed ?? log.line(text) ?? [{ kind: 'log' }];
    },
  };
};
