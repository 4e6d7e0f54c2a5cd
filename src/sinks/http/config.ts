import { z } from 'zod';
import { problem } from '../../base/problem.js';

const url = z.string().superRefine((text, context) => {
  const read = URL.canParse(text) ? new URL(text) : undefined;
  const wrong =
    !read || !/^https?:$/.test(read.protocol) || read.hostname === ''
      ? problem('http-url')
      : read.username || read.password
        ? problem('http-credentials-in-url')
        : undefined;
  if (wrong) context.addIssue({ code: 'custom', message: wrong.code, params: { problem: wrong } });
});
const path = z.string().min(1).optional();

export const config = z
  .strictObject({
    type: z.literal('http'),
    url: url.describe('Where events are posted: https://host/path'),
    format: z
      .enum(['json', 'jsonl'])
      .default('json')
      .describe('json: a list of events; jsonl: a line of JSON for each'),
    batch: z.int().min(1).max(10_000).default(100).describe('Events in one request at most'),
    timeoutS: z.number().min(0.1).max(300).default(20).describe('Seconds after which a request counts as failed'),
    states: z.boolean().default(false).describe('Posts the newest states of bays and lots, too, as a list'),
    headers: z.record(z.string(), z.string()).default({}).describe('More headers for each request'),
    token: z.string().min(1).optional().describe('Bearer token; env:NAME or file:PATH reads it from there'),
    username: z.string().min(1).optional().describe('User name; env:NAME or file:PATH reads it from there'),
    password: z.string().min(1).optional().describe('Password; env:NAME or file:PATH reads it from there'),
    ca: path.describe('File with the certificates that may have signed that of the host'),
    cert: path.describe('File with our own certificate (mTLS); read anew when it changes'),
    key: path.describe('File with the key of that certificate'),
  })
  .superRefine(({ url: to, ca, cert, key }, context) => {
    const refuse = (field: string, wrong: ReturnType<typeof problem>): void =>
      context.addIssue({ code: 'custom', message: wrong.code, params: { problem: wrong }, path: [field] });
    if ((cert === undefined) !== (key === undefined)) refuse(cert ? 'cert' : 'key', problem('tls-half'));
    for (const [field, value] of Object.entries({ ca, cert, key }))
      if (value !== undefined && !to.startsWith('https:')) refuse(field, problem('tls-without', { field }));
  });
