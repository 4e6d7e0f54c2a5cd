import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { problem, type Problem } from '../../base/problem.js';

const issue = (wrong: Problem, path: readonly string[] = []) => ({
  code: 'custom' as const,
  message: wrong.code,
  params: { problem: wrong },
  path: [...path],
});

const urlProblem = (text: string): Problem | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text)) return problem('http-url');
  // Addresses are logged and shown; what is in this one must not be.
  return url.username || url.password ? problem('http-credentials-in-url') : undefined;
};

/** Headers that are ours to set, or the connection's. */
const own = /^(content-(type|length)|idempotency-key|host|connection|transfer-encoding|expect|te|trailer|upgrade)$/i;

/** Whether HTTP can carry this header, and it is not one of ours. */
export const canSend = (name: string, value: string): boolean => {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return !own.test(name);
  } catch {
    return false;
  }
};

const path = z.string().min(1).optional();

const plainConfig = z.strictObject({
  type: z.literal('http'),
  url: z
    .string()
    .superRefine((text, context) => {
      const wrong = urlProblem(text);
      if (wrong) context.addIssue(issue(wrong));
    })
    .describe('Where events are posted: https://host/path'),
  format: z
    .enum(['json', 'jsonl'])
    .default('json')
    .describe('Body of a post: `json`: a list of events; `jsonl`: a line of JSON for each'),
  batch: z.int().min(1).max(10_000).default(100).describe('At most so many events in one post'),
  maxWaitMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(1_000)
    .describe('Milliseconds that an event waits for others to be posted with'),
  timeoutS: z
    .number()
    .min(0.1)
    .max(300)
    .default(20)
    .describe('Seconds after which a post without a whole answer is made again'),
  states: z
    .boolean()
    .default(false)
    .describe('Whether the newest states of bays and lots are posted as well, as `{"states": [...]}`'),
  username: z.string().min(1).optional().describe('User name (Basic); env:NAME or file:PATH reads it from there'),
  password: z.string().min(1).optional().describe('Password; env:NAME or file:PATH reads it from there'),
  token: z.string().min(1).optional().describe('Token (Bearer); env:NAME or file:PATH reads it from there'),
  tokenHeader: z
    .string()
    .min(1)
    .optional()
    .describe('Header in which the token goes as it is, such as X-API-Key; default: Authorization, as Bearer'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe('More headers, such as a tenant; secrets belong into `token` or `password`'),
  ca: path.describe("File with the certificates that may have signed the server's; default: whom this system trusts"),
  cert: path.describe('File with our own certificate, for a server that asks for one; read anew when it changes'),
  key: path.describe('File with the key of that certificate'),
  servername: z.string().min(1).optional().describe("Name in the server's certificate; default: that of the URL"),
});

/** One way of saying who we are, and headers that can be sent. */
export const config = plainConfig.superRefine((options, context) => {
  const { username, password, token, tokenHeader, headers, url } = options;
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const ways = [token, username, named || undefined].filter((way) => way !== undefined).length;
  if (ways > 1 || (username === undefined) !== (password === undefined))
    context.addIssue(issue(problem('http-login'), [token !== undefined ? 'token' : 'username']));
  if (tokenHeader !== undefined && token === undefined) context.addIssue(issue(problem('http-login'), ['tokenHeader']));
  if (tokenHeader !== undefined && !canSend(tokenHeader, ''))
    context.addIssue(issue(problem('http-header', { name: tokenHeader }), ['tokenHeader']));
  for (const [name, value] of Object.entries(headers))
    if (!canSend(name, value)) context.addIssue(issue(problem('http-header', { name }), ['headers', name]));
  if ((options.cert === undefined) !== (options.key === undefined))
    context.addIssue(issue(problem('tls-half'), [options.cert ? 'cert' : 'key']));
  for (const field of ['ca', 'cert', 'key'] as const)
    if (options[field] !== undefined && !/^https:/i.test(url))
      context.addIssue(issue(problem('tls-without', { field }), [field]));
});
export type HttpConfig = z.infer<typeof config>;
