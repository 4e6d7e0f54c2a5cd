import { describe, expect, test } from 'vitest';
import rui3 from '../../devices/consoles/rak-rui3/index.js';
import rn2483 from '../../devices/consoles/microchip-rn2483/index.js';
import { typedCommand } from '../../src/console/typed.js';

describe('what a person types ends as its row of the table does', () => {
  test.each([
    ['ATZ', 'boot'],
    ['atz', 'boot'],
    ['AT+LOCK', 'boot'],
    ['AT+LOCK=?', 'status'],
    ['AT+NWM=?', 'status'],
    ['AT+VER=?', 'status'],
    ['AT+NOPE', 'status'],
    ['AT', 'status'],
  ])('%s: %s', (text, ends) => {
    expect(typedCommand(rui3, text)).toMatchObject({ text, ends });
  });
  test('and as most of its console do when it is in no table', () => {
    expect(typedCommand(rn2483, 'sys nonsense').ends).toBe('first');
  });
});
