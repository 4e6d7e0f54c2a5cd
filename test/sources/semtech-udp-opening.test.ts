import { describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { hintOf, sentenceOf } from '../../src/base/problem.js';
import { steppedClock } from '../../src/io/clock.js';
import kind from '../../src/sources/semtech-udp.js';
import samples from '../vectors/semtech-udp.json' with { type: 'json' };

const gateway = samples.gatewayId;
const startUs = 1_780_293_600_000_000;

describe('opening', () => {
  const context = (gateways: ReadonlySet<string> | 'any'): Parameters<typeof kind.open>[1] => ({
    clock: steppedClock(startUs),
    log: keptLog().log,
    gateways,
    frame: () => undefined,
    refused: () => undefined,
    gateway: () => undefined,
  });

  test('beyond this machine only with a list of gateways', async () => {
    const config = kind.config.parse({ type: 'semtech-udp', host: '0.0.0.0', port: 0 });
    const bare = await kind.open(config, context('any'));
    if (!('problem' in bare)) throw new Error('it listens to everybody');
    expect(bare.problem.code).toBe('open-to-all');
    expect(sentenceOf(bare.problem)).toContain('no authentication');
    expect(hintOf(bare.problem)).toContain('gateways:');
    const listed = await kind.open(config, context(new Set([gateway])));
    if ('problem' in listed) throw new Error(sentenceOf(listed.problem));
    expect(listed.address).toMatch(/^udp:\/\/0\.0\.0\.0:\d+$/);
    await listed.close();
  });

  test('a taken port is a problem that says who has it', async () => {
    const first = await kind.open(kind.config.parse({ type: 'semtech-udp', port: 0 }), context('any'));
    if ('problem' in first) throw new Error(sentenceOf(first.problem));
    const port = Number(new URL(first.address).port);
    const second = await kind.open(kind.config.parse({ type: 'semtech-udp', port }), context('any'));
    await first.close();
    if (!('problem' in second)) throw new Error('two sources on one port');
    expect(second.problem.code).toBe('port-taken');
    if (process.platform === 'linux') expect(sentenceOf(second.problem)).toContain(`process ${process.pid}`);
  });

  test('defaults, and slips in the configuration', () => {
    expect(kind.config.parse({ type: 'semtech-udp' })).toEqual({
      ...{ type: 'semtech-udp', host: '127.0.0.1', port: 1700, datagramsPerSecond: 200, burst: 400 },
    });
    expect(kind.config.safeParse({ type: 'semtech-udp', prot: 1700 }).success).toBe(false);
    expect(kind.config.safeParse({ type: 'semtech-udp', port: 70_000 }).success).toBe(false);
  });
});
