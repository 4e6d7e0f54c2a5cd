import { expect, test } from 'vitest';
import { metrics } from '../../src/gateway/metrics.js';
import { gatewayStatus } from '../../src/gateway/status.js';
import { startUs } from './door.js';

test('the status is JSON that says what there is, and nothing of a configuration', () => {
  const meter = metrics();
  meter.hearing();
  const state = {
    ...{ connected: true, taken: 3, delivered: 2, waiting: 1, dropped: 0, refused: 0, repeated: 0 },
    states: { delivered: 1, waiting: 0 },
    commands: { taken: 1, refused: 0 },
  };
  const store = { state: 'ok', failures: 0, bytes: 4096 } as const;
  const status = gatewayStatus({
    ...{ name: 'yard', pid: 7, startedUs: startUs, nowUs: startUs + 90_500_000, simulated: false },
    devices: { registered: 4, heard: 2 },
    sources: [{ address: 'udp://127.0.0.1:1700' }],
    sinks: [{ address: 'mqtt://127.0.0.1:1883', state }],
    store,
    counts: meter.counts,
  });
  expect(JSON.parse(JSON.stringify(status))).toEqual({
    ...{ name: 'yard', pid: 7, started: '2026-06-01T06:00:00.000Z', runningS: 90, simulated: false },
    devices: { registered: 4, heard: 2 },
    sources: [{ address: 'udp://127.0.0.1:1700' }],
    sinks: [{ address: 'mqtt://127.0.0.1:1883', ...state }],
    store,
    counts: meter.counts,
  });
});
