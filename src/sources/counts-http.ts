import { z } from 'zod';
import { problem } from '../base/problem.js';
import { readCount } from '../dialects/city/counts.js';
import { openHttp, type HttpReply } from '../io/http-server.js';
import { sparseLog } from '../io/sparse-log.js';
import { isLoopback } from '../io/sockets.js';
import { defineSource } from './define.js';

/** Counts of cars by HTTP: `POST /counts/NAME`. The answer is 204 when the count is on disk. */
export default defineSource({
  id: 'counts-http',
  summary: 'counts of cars in off-street lots by HTTP (POST /counts/NAME)',
  config: z.strictObject({
    type: z.literal('counts-http'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on; beyond this machine only with a token'),
    port: z.int().min(0).max(65_535).describe('Port to listen on; 0: the system chooses'),
    token: z.string().min(16).optional().describe('Whoever counts must say it (Bearer): env:NAME or file:PATH'),
  }),
  async open({ host, port, token }, context) {
    if (!isLoopback(host) && token === undefined) return { problem: problem('config-watch-token', { host }) };
    const say = sparseLog(context.log);
    const refuse = (status: number, why: string) => {
      context.refused(why);
      say('count_refused', why, {});
      return { status, body: `${why}\n` };
    };
    const server = await openHttp({
      ...{ host, port, mostBodyBytes: 8_192 },
      async handle({ method, path, headers, body }): Promise<HttpReply> {
        if (token !== undefined && headers['authorization'] !== `Bearer ${token}`) return { status: 401 };
        const [, name] = /^\/counts(?:\/([^/]{1,100}))?$/.exec(path) ?? [];
        if (!path.startsWith('/counts')) return { status: 404 };
        if (method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
        const said = readCount(new TextDecoder().decode(body), name);
        if (!said.ok) return refuse(400, said.problem.code);
        const kept = context.count?.(said.value);
        if (!kept) return refuse(404, 'count-unknown');
        try {
          await kept;
          return { status: 204 };
        } catch {
          return { status: 503, headers: { 'retry-after': '10' }, body: 'it could not be kept\n' };
        }
      },
    });
    if ('problem' in server) return server;
    return {
      address: `${server.address}/counts`,
      reaches: () => false,
      send: () => Promise.resolve('no-answer' as const),
      close: () => server.close(),
    };
  },
});
