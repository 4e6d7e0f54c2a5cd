import { boardEnds } from './board-ends.js';
import { bytes } from './bytes.js';
import { command } from './command.js';
import { config } from './config.js';
import { consoleSentences } from './console.js';
import { control } from './control.js';
import { datagrams } from './datagrams.js';
import { delivery } from './delivery.js';
import { doctor } from './doctor.js';
import { gateway } from './gateway.js';
import { heltec } from './heltec.js';
import { lorawan } from './lorawan.js';
import { ports } from './ports.js';
import { registry } from './registry.js';
import { rui3 } from './rui3.js';
import { sandbox } from './sandbox.js';
import { score } from './score.js';
import { serialLinks } from './serial-links.js';
import { simulation } from './simulation.js';
import { sinks } from './sinks.js';
import { why } from './why.js';

/** A sentence for people and, where there is one, the next step. `{name}` is filled in from the problem's facts. */
export interface Sentence {
  readonly text: string;
  readonly hint?: string;
}

/** Every sentence that a person may read about a problem, by its code. A translation is a second object of this shape. */
export const sentences = {
  ...boardEnds,
  ...bytes,
  ...lorawan,
  ...delivery,
  ...doctor,
  ...gateway,
  ...heltec,
  ...datagrams,
  ...config,
  ...command,
  ...consoleSentences,
  ...control,
  ...ports,
  ...registry,
  ...rui3,
  ...sandbox,
  ...serialLinks,
  ...score,
  ...simulation,
  ...sinks,
  ...why,
} as const satisfies Record<string, Sentence>;

export type SentenceId = keyof typeof sentences;
