import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { openGatewayControl } from '../../src/gateway/control.js';
import { openGateway, type RunningGateway } from '../../src/gateway/gateway.js';
import { memoryStore } from '../../src/gateway/store.js';
import { steppedClock, type SteppedClock } from '../../src/io/clock.js';
import type { ControlServer } from '../../src/io/control.js';
import { lineLog } from '../../src/io/log.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealJoinRequest } from '../../src/lorawan/join.js';
import type { RxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import type { SourceKind } from '../../src/sources/define.js';
import { jsonOf, stellwerk } from '../cli/stellwerk.js';

const startUs = 1_780_293_600_000_000;
const appKey = aesKey(new Uint8Array(16).fill(5));
const devEui = '70b3d57ed0000012';
const join1 = (devNonce: number, atUs: number, who = devEui): RxFrame => ({
  phy: sealJoinRequest({ joinEui: '70b3d57ed0000000', devEui: who, devNonce, appKey }),
  atUs,
  gateway: '0253544b47570001',
  tmst: 1000,
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  rssiDbm: -90,
  snrDb: 7,
  crc: 'ok',
});

/** A gateway with its control socket, whose radio answers as told, and the JSON log that it writes. */
const stand = async (folder: string, verdict: TxVerdict) => {
  const clock = steppedClock(startUs);
  const lines: string[] = [];
  const log = lineLog((line) => lines.push(line), { clock, json: true });
  const source = {
    id: 'list',
    summary: '',
    config: undefined as never,
    open: () =>
      Promise.resolve({
        address: 'list:',
        reaches: () => true,
        send: () => Promise.resolve(verdict),
        close: () => Promise.resolve(),
      }),
  } satisfies SourceKind;
  const gateway = await openGateway({
    name: 'kerb',
    settings: { ...simulatedNetwork, simulated: false },
    devices: [
      {
        devEui,
        name: 'church',
        bay: 'og-12',
        lot: 'graben',
        lorawan: '1.0.4',
        activation: { kind: 'otaa', appKey },
        model: bosch,
        options: {},
      },
    ],
    gateways: 'any',
    sources: [{ kind: source, config: {} }],
    sinks: [],
    store: memoryStore(),
    clock,
    log,
  });
  const path = join(folder, 'control.sock');
  const control = await openGatewayControl({ path, name: 'kerb', door: gateway.door, desk: gateway.desk, clock, log });
  if ('problem' in control) throw new Error(control.problem.code);
  return { gateway, clock, control, path, lines };
};

describe('why, of a running gateway and of the log that it wrote', () => {
  let folder: string;
  let standing: { gateway: RunningGateway; clock: SteppedClock; control: ControlServer; path: string; lines: string[] };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stellwerk-why-'));
    standing = await stand(folder, 'too-late');
  });
  afterEach(async () => {
    await standing.control.close();
    await standing.gateway.close(0);
    rmSync(folder, { recursive: true, force: true });
  });

  const take = async (rx: RxFrame): Promise<void> => {
    standing.gateway.ingest(rx);
    standing.clock.advance(rx.atUs + 300_000);
    await standing.gateway.settled(100);
    standing.clock.advance(rx.atUs + 20_000_000);
    await standing.gateway.settled(100);
  };
  const diagnosis = async (...args: readonly string[]): Promise<string> =>
    (jsonOf(await stellwerk(['why', ...args, '--json'])) as { diagnosis: { text: string } }).diagnosis.text;

  test('both say the same of joins whose accepts come too late', async () => {
    for (const n of [1, 2]) await take(join1(n, startUs + n * 100_000_000));
    const said = 'church, og-12 (70b3d57ed0000012) asks to join, and no accept could be sent: too-late x 2';
    expect(await diagnosis('og-12', '--control', standing.path)).toBe(said);
    const log = join(folder, 'log.jsonl');
    writeFileSync(log, standing.lines.map((line) => `${line}\n`).join(''));
    expect(await diagnosis('og-12', '--log', log)).toBe(said.replace('church, ', ''));
    // A device that asks again with the same nonce has lost its memory.
    await take(join1(1, startUs + 900_000_000));
    const ran = await stellwerk(['why', 'church', '--control', standing.path]);
    expect(ran.stdout).toMatch(/^The joins of church, og-12 .* are refused: dev-nonce-used x 1\./);
    expect(ran.stdout).toContain('too-late');
  });

  test('a stranger that was heard is told of, one that was not is unknown', async () => {
    await take(join1(1, startUs + 1_000_000, '0000000000000009'));
    const said = 'gateway 0253544b47570001, but it is not registered (joins: 1)';
    expect(await diagnosis('0000000000000009', '--control', standing.path)).toContain(said);
    expect(await stellwerk(['why', 'og-13', '--control', standing.path])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('og-12'),
    });
    expect(await diagnosis('og-12', '--control', standing.path)).toMatch(/^no gateway has heard church/);
  });
});
