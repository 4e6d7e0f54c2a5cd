import { expect, test } from 'vitest';
import { behaviours, playTogether, smallPlan, someBays } from './harness.js';

test('a gateway that is out of order hears nothing and sends nothing, and says so', async () => {
  const known = await behaviours();
  const plan = smallPlan(someBays(12), { air: { ...smallPlan([]).air, ideal: false } });
  const minute = 60_000_000;
  const outage = { fromUs: plan.startUs + 40 * minute, toUs: plan.startUs + 70 * minute };
  const alone = { ...plan, gateways: [{ ...plan.gateways[0]!, outages: [outage] }] };
  const { frames, descents } = playTogether({ plan: alone, known, hours: 2 });
  const within = frames.filter(({ startUs, endUs }) => startUs < outage.toUs && endUs > outage.fromUs);
  expect(within.length).toBeGreaterThan(10);
  for (const { heardBy, lost } of within) expect([heardBy, lost]).toEqual([0, 'gateway-down']);
  const others = frames.filter((frame) => !within.includes(frame));
  expect(others.some(({ lost }) => lost === 'gateway-down')).toBe(false);
  expect(others.filter(({ heardBy }) => heardBy > 0).length).toBeGreaterThan(20);
  // What was to be sent in the first moments of it was not.
  expect(descents.every(({ result, atUs }) => result === 'failed' || atUs < outage.fromUs || atUs >= outage.toUs)).toBe(
    true,
  );
});
