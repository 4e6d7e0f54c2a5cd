import type { Command, LineReader, Meaning } from '../../../src/console/dialect.js';
import type { Refusal } from '../../../src/console/events.js';
import { heltecLog, licenceLog, unglued } from '../heltec/log.js';
import { syntax } from './table.js';

/** Errors are sentences that begin with the command's name: what is known of them is their end. */
const refusals: readonly (readonly [form: RegExp, why: Refusal])[] = [
  [/the command is not supported/, 'unknown-command'],
  // Two spellings of one sentence: a line that is no `AT+Name=value` at all.
  [/error input format|i[mn]put format error/, 'unknown-command'],
  [/ is for Lo[Rr]a(?:Wan)? Mode/, 'wrong-mode'],
  [/the node have not joined a network/, 'not-joined'],
  [/ max data length is \d+ bytes/, 'too-long'],
];

const refused = (text: string): Meaning => {
  const [, why] = refusals.find(([form]) => form.test(text)) ?? [undefined, 'bad-value' as const];
  return { kind: 'refused', why, code: text };
};

const errorForm = /^\+ ?ERROR: ?(.*)$/;
const okForm = /^\+OK\b/;

/** The name and the value of a command as it went out. */
const asked = (open: Command): { readonly word: string; readonly question: boolean } => {
  const cut = /^AT\+(\w+)(?:=([\s\S]*))?$/.exec(open.text);
  return { word: cut?.[1] ?? '', question: cut?.[2] === undefined || cut[2] === '?' };
};

/** The lines of one CubeCell, in their order. */
export const reader = (): LineReader => {
  const log = heltecLog();
  const licence = licenceLog();
  /** The command that has had its `+OK`. */
  let agreed: Command | undefined;

  return {
    line(text, open) {
      // Both may stand right behind `joining...`, which has no line end.
      if (text.includes('ASR is Waked')) return [{ kind: 'event', event: { kind: 'awake' } }];
      const rest = unglued(text);
      const word = open && asked(open);

      const error = errorForm.exec(rest);
      if (error) return open ? [refused(error[1]!)] : [{ kind: 'log' }];
      if (okForm.test(rest)) {
        if (!open) return [{ kind: 'log' }];
        agreed = open;
        return [{ kind: 'ok' }];
      }
      if (/^AT Rev \d/.test(rest)) return [{ kind: 'event', event: { kind: 'boot' } }];
      // `Stared` in older ones. It is also the answer to the command that makes it sleep.
      if (/^LowPower Mode Start?ed/.test(rest)) {
        const asleep = { kind: 'event', event: { kind: 'asleep' } } as const;
        return word?.word === 'LPM' && agreed !== open ? [{ kind: 'ok' }, asleep] : [asleep];
      }
      const licensed = licence.line(rest);
      if (licensed) {
        if (word?.word !== 'CDKEY') return licensed;
        return agreed === open ? [{ kind: 'value' }, ...licensed] : [{ kind: 'value' }, { kind: 'ok' }, ...licensed];
      }
      const told = log.line(text);
      if (told) return told;
      if (!open || !word || syntax.value(rest, word.word) === undefined) return [{ kind: 'log' }];
      if (agreed === open) {
        agreed = undefined;
        return [{ kind: 'value' }];
      }
      // Some questions are answered without `+OK`. A value that was set is not believed without it: the list at the
      // start has the same form.
      return word.question ? [{ kind: 'value' }, { kind: 'ok' }] : [{ kind: 'log' }];
    },
  };
};
