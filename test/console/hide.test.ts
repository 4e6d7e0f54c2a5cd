import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hideKeys } from '../../src/console/hide.js';

const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 16, maxLength: 17 });
const between = fc.constantFrom('', ' ', ':', '-', ',0x', ', 0x', ' 0x', '\\x');

test('a key is hidden in every way of writing it, to its last digit', () => {
  fc.assert(
    fc.property(bytes, between, (key, sign) => {
      const digits = key.map((byte) => byte.toString(16).padStart(2, '0'));
      const line = `AT+APPKEY=${sign.trim().replace(/^,\s*/, '')}${digits.join(sign)}`;
      expect(hideKeys(line)).toMatch(/^AT\+APPKEY=[-:]?\[redacted\]$/);
    }),
  );
});

test('two EUIs side by side are no key', () => {
  expect(hideKeys('OK 0253540000000001,025354574b000001')).toBe('OK 0253540000000001,025354574b000001');
});
