import { describe, expect, test } from 'vitest';
import { hideKeys } from '../../src/console/hide.js';

describe('secrets in lines of a console', () => {
  test.each([
    // RUI3 takes a blank for the equals sign, and a password may have blanks in it.
    ['AT+PWORD 12345678', 'AT+PWORD [redacted]'],
    ['at+pword=x y', 'at+pword=[redacted]'],
    ['AT+PWORD=secret', 'AT+PWORD=[redacted]'],
    ['AT+ENCKEY 0011223344556677', 'AT+ENCKEY [redacted]'],
    // A digit too few: the board refuses it, and it is most of a key.
    ['AT+APPKEY=00112233445566778899AABBCCDDEEF', 'AT+APPKEY=[redacted]'],
    ['at+set_config=lora:app_key:00112233445566', 'at+set_config=lora:app_key:[redacted]'],
    ['AT+KEY=APPKEY,"0011223344"', 'AT+KEY=APPKEY,"[redacted]"'],
    ['mac set appskey 0011223344', 'mac set appskey [redacted]'],
    ['AT+NWKSKEY=00:11:22:33', 'AT+NWKSKEY=[redacted]'],
  ])('%s', (line, hidden) => expect(hideKeys(line)).toBe(hidden));

  test.each([
    'AT+APPKEY=?',
    'AT+PWORD=?',
    'AT+APPKEY?',
    'AT+DEVEUI=0011223344556677',
    '+ERROR: AppKey length should be 32',
  ])('%s has none', (line) => expect(hideKeys(line)).toBe(line));
});
