import { z } from 'zod';
import { problem } from '../base/problem.js';
import { carry } from './document.js';

/** What becomes of that which tells a person, a telephone or a device apart. */
export const privacySchema = z
  .strictObject({
    tags: z
      .enum(['off', 'hmac'])
      .default('off')
      .describe("Drivers' tags and telephones that a sensor hears: left out, or under a pseudonym in `tags` of events"),
    devEui: z
      .enum(['off', 'hmac', 'plain'])
      .default('off')
      .describe('DevEUIs in events and their topics: left out, under a pseudonym, or as they are'),
    retentionDays: z
      .number()
      .min(1)
      .max(3_650)
      .default(30)
      .describe('Days after which events go, wherever they wait or are kept'),
    secret: z.string().min(1).optional().describe('Makes the pseudonyms, 16 characters or more: env:NAME or file:PATH'),
  })
  .superRefine(({ tags, devEui, secret }, context) => {
    if ((tags === 'hmac' || devEui === 'hmac') && secret === undefined)
      context.addIssue(carry(problem('config-privacy-secret')));
  });
