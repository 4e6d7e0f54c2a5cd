import { z } from 'zod';

/** What waits for sinks that are away, and what becomes of it when it grows too much. */
export const outboxSchema = z.strictObject({
  maxMB: z
    .number()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('Megabytes that events waiting for sinks may take on disk'),
  whenFull: z
    .enum(['drop-oldest', 'refuse'])
    .default('drop-oldest')
    .describe(
      'drop-oldest gives up the oldest events, counted and logged; refuse takes no new frames until there is room',
    ),
});
export type OutboxConfig = z.infer<typeof outboxSchema>;
