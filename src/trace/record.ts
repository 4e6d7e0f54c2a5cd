import type { Us } from '../base/time.js';

/**
 * One thing that happened: the shape of every recording, serial log, outcome and truth stream.
 * As JSON lines: `{"us":1780293600000000,"source":"gateway:00800000a00009ef","kind":"rx","body":{...}}`.
 */
export interface TraceRecord<K extends string = string, B = Readonly<Record<string, unknown>>> {
  /** Microseconds since 1970, a whole number. */
  readonly us: Us;
  /** Who saw it: `gateway:<eui>`, `ladder`, `bay:<id>`, `serial:<port>`. */
  readonly source: string;
  /** What it is: `rx`, `tx`, `outcome`, `event`, `truth`. */
  readonly kind: K;
  readonly body: B;
}
