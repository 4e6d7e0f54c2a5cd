import { z } from 'zod';
import { logLevels } from '../base/log-levels.js';
import { problem } from '../base/problem.js';
import { carry } from './document.js';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** A port for those who watch over the gateway: nothing listens without it. */
export const watchSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on; beyond this machine only with a token'),
    port: z.int().min(0).max(65_535).describe('Port for /metrics, /health, /ready and /status; 0: the system chooses'),
    token: z.string().min(16).optional().describe('Whoever asks must say it (Bearer): env:NAME or file:PATH'),
  })
  .superRefine(({ host, token }, context) => {
    if (!loopback.test(host) && token === undefined) context.addIssue(carry(problem('config-watch-token', { host })));
  });

/** What is logged. */
export const logSchema = z.strictObject({
  level: z
    .enum(logLevels)
    .default('debug')
    .describe('The least that is logged: debug has a line for each uplink, info none'),
});
