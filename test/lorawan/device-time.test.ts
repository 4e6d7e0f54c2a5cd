import fc from 'fast-check';
import { expect, test } from 'vitest';
import { usFromIso } from '../../src/base/time.js';
import { deviceTimeAns, deviceTimeUs } from '../../src/lorawan/device-time.js';
import { writeCommands } from '../../src/lorawan/mac-commands.js';
import vectors from '../vectors/lorawan.json' with { type: 'json' };

test('the end of an uplink in seconds and 256ths', () => {
  const { utc, gpsSeconds } = vectors.gps_time.vectors.at(-1)!;
  expect(deviceTimeAns(usFromIso(utc)! + 750_000)).toEqual({ kind: 'device-time-ans', gpsSeconds, fraction: 192 });
  expect(deviceTimeAns(usFromIso(utc)! - 1)).toMatchObject({ gpsSeconds: gpsSeconds - 1, fraction: 255 });
});

test('any instant makes a command that can be written, and comes back to less than 1/256 s', () => {
  const from1980 = fc.integer({ min: usFromIso('1980-01-06T00:00:00Z')!, max: usFromIso('2116-01-01T00:00:00Z')! });
  fc.assert(
    fc.property(from1980, (us) => {
      const late = us - deviceTimeUs(deviceTimeAns(us));
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(1_000_000 / 256 + 1);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7_000_000_000_000_000 }), (us) => {
      expect(writeCommands([deviceTimeAns(us)])).toHaveLength(6);
    }),
  );
});
