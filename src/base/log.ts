/** A log line is an event: a stable snake_case name and fields; no sentence, no key (DESIGN rule 10). */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Says nothing. */
export const silent: Log = () => undefined;

/** A log that keeps its events in a list, for tests and for views. */
export const keptLog = (): {
  readonly log: Log;
  readonly events: { event: string; fields: Record<string, unknown> }[];
} => {
  const events: { event: string; fields: Record<string, unknown> }[] = [];
  return { events, log: (event, fields = {}) => void events.push({ event, fields: { ...fields } }) };
};
