import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { askControl, type Json } from '../../src/io/control.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import { openStreet, startUs } from './door.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const stand = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stw-gw-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'c.sock');
  const street = await openStreet(path);
  closers.push(() => street.server.close());
  const heard: Json[] = [];
  const ask = (what: string, body: Json = {}, withinMs = 5_000) =>
    askControl({ path, do: what, body, event: (event) => heard.push(event), withinMs });
  return { ...street, ask, heard, states: () => heard.map(({ state }) => state) };
};

const bay = '02000000000000a1';
const command = { fPort: 15, hex: '01ff' };
const event = (state: DownlinkEvent['state'], more: Partial<DownlinkEvent> = {}): DownlinkEvent => ({
  id: 'made-1',
  devEui: bay,
  fPort: 15,
  confirmed: false,
  atUs: startUs + 1_000_000,
  state,
  ...more,
});
const until = async (what: () => boolean): Promise<void> =>
  expect.poll(what, { timeout: 10_000, interval: 5 }).toBe(true);

describe('a downlink over the control socket', () => {
  test('is queued, and that is the answer', async () => {
    const { ask, states, requests, listeners } = await stand();
    expect(await ask('downlink', { device: 'og-01', command })).toEqual({
      ok: true,
      value: {
        v: 1,
        id: 'made-1',
        device: bay,
        state: 'queued',
        fPort: 15,
        confirmed: false,
        time: '2026-06-01T06:00:00.000Z',
      },
    });
    expect(states()).toEqual(['queued']);
    expect(requests).toHaveLength(1);
    expect(listeners.size).toBe(1);
  });

  test('is followed until it is sent', async () => {
    const { ask, states, say, requests } = await stand();
    const asked = ask('downlink', { device: 'og-01', command, wait: 'sent' });
    await until(() => requests.length === 1);
    say(event('sent', { id: 'of-somebody-else' }));
    say(event('sent', { devEui: '02000000000000a2' }));
    say(event('sent', { fCnt: 7, frame: '00112233445566aa' }));
    expect(await asked).toMatchObject({ value: { state: 'sent', fCnt: 7, frame: '00112233445566aa' } });
    expect(states()).toEqual(['queued', 'sent']);
  });

  test('is followed until it is acknowledged, however often it is sent', async () => {
    const { ask, states, say, requests } = await stand();
    const asked = ask('downlink', { device: 'og-01', command: { ...command, confirmed: true }, wait: 'acknowledged' });
    await until(() => requests.length === 1);
    for (const state of ['sent', 'sent', 'acknowledged'] as const) say(event(state, { confirmed: true }));
    expect(await asked).toMatchObject({ value: { state: 'acknowledged' } });
    expect(states()).toEqual(['queued', 'sent', 'sent', 'acknowledged']);
  });

  test('fails on the way, with the reason', async () => {
    const { ask, states, say, requests } = await stand();
    const asked = ask('downlink', { device: 'og-01', command, wait: 'sent' });
    await until(() => requests.length === 1);
    say(event('failed', { why: 'expired' }));
    const reason = 'its time was over before the device gave an opportunity';
    expect(await asked).toMatchObject({ problem: { code: 'downlink-failed', facts: { why: 'expired', reason } } });
    expect(states()).toEqual(['queued', 'failed']);
  });

  test('fails at once', async () => {
    const { ask } = await stand();
    for (let n = 0; n < 2; n++) await ask('downlink', { device: 'og-01', command });
    expect(await ask('downlink', { device: 'og-01', command })).toMatchObject({
      problem: { code: 'downlink-failed', facts: { why: 'queue-full', device: bay } },
    });
  });

  test.each([
    [{ command }, 'control-bad-request'],
    [{ device: 7, command }, 'control-bad-request'],
    [{ device: 'kerb', command }, 'device-ambiguous'],
    [{ device: 'og-01' }, 'command-field'],
    [{ device: 'og-01', command: { hex: '00' } }, 'command-no-port'],
    [{ device: 'og-01', command: { message: { type: 'fly' } } }, 'unknown-message'],
    [{ device: 'og-01', command, wait: 'for ever' }, 'control-bad-request'],
    [{ device: 'og-01', command, wait: 'acknowledged' }, 'downlink-wait-unconfirmed'],
  ])('%j: %s', async (body, code) => {
    const { ask, requests } = await stand();
    expect(await ask('downlink', body)).toMatchObject({ problem: { code } });
    expect(requests).toEqual([]);
  });

  test('who stops waiting leaves nothing behind, and the downlink goes on', async () => {
    const { ask, door, listeners, server } = await stand();
    const usual = listeners.size;
    expect(await ask('downlink', { device: 'og-01', command, wait: 'sent' }, 50)).toMatchObject({
      problem: { code: 'control-silent' },
    });
    await until(() => server.clients === 0);
    expect(listeners.size).toBe(usual);
    expect(door.queueOf(bay)).toHaveLength(1);
  });
});

describe('the other questions', () => {
  test('what waits, and away with it', async () => {
    const { ask } = await stand();
    const expires = '2026-06-01T07:00:00.000Z';
    await ask('downlink', { device: 'og-01', command: { ...command, id: 'a', expiresAt: expires } });
    expect(await ask('queue', { device: 'og-01' })).toEqual({
      ok: true,
      value: {
        device: bay,
        queue: [
          { id: 'a', fPort: 15, hex: '01ff', confirmed: false, queued: '2026-06-01T06:00:00.000Z', tries: 0, expires },
        ],
      },
    });
    expect(await ask('flush', { device: bay })).toEqual({ ok: true, value: { device: bay, flushed: 1 } });
    expect(await ask('queue', { device: bay })).toEqual({ ok: true, value: { device: bay, queue: [] } });
  });

  test('status and why are handed through', async () => {
    const { ask, asked } = await stand();
    expect(await ask('status')).toMatchObject({ value: { name: 'yard', devices: { heard: 2 } } });
    expect(await ask('why', { device: 'og-02', last: 5 })).toMatchObject({
      ok: true,
      value: { records: [], leftOut: 0 },
    });
    expect(await ask('why', { device: 'og-02' })).toMatchObject({ ok: true });
    expect(await ask('why', { device: 'og-02', last: 0 })).toMatchObject({ problem: { code: 'control-bad-request' } });
    expect(asked).toEqual([{ devEui: '02000000000000a2', last: 5 }, { devEui: '02000000000000a2' }]);
  });

  test('no body of a request is a fault of ours', async () => {
    const { ask, said } = await stand();
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom('og-01', bay, 'sent', 1, command));
    const body = fc.record({ device: part, command: part, wait: part, last: part }, { requiredKeys: [] });
    const what = fc.constantFrom('downlink', 'queue', 'flush', 'why', 'status');
    await fc.assert(
      fc.asyncProperty(what, body, async (name, fields) => {
        const answer = await ask(name, JSON.parse(JSON.stringify(fields)) as Json, 20);
        return answer.ok || answer.problem.code !== 'internal';
      }),
      { numRuns: 150 },
    );
    expect(said).toEqual([]);
  });
});
