import { describe, expect, test } from 'vitest';
import { readApiFrame, toTextMode, writeApiFrame } from '../../devices/consoles/rak-rui3/api-frame.js';
import console from '../../devices/consoles/rak-rui3/index.js';
import twin from '../../simulators/consoles/rak-rui3/index.js';
import { hex, toHex } from '../../src/base/hex.js';
import { consoleLaws } from './laws.js';
import { startRui3 as start } from './rak-rui3-bench.js';
import { scriptedModem } from './scripted-modem.js';

const secondUs = 1_000_000;
const boot = '\r\nCurrent Work Mode: LoRaWAN.\r\n';

consoleLaws(console, twin);

describe('the console, byte by byte', () => {
  test.each([
    ['AT\r', 'OK\r\n'],
    ['AT\n', 'OK\r\n'],
    ['\r\n\r\n', ''],
    ['AT+CFM 1\r\n', 'OK\r\n'],
    [`AT+${'X'.repeat(29)}=1\r\n`, 'AT_ERROR\r\n'],
    ['hello\r\n', 'AT_COMMAND_NOT_FOUND\r\n'],
    ['AT+PWORD=?\r\n', 'AT_ERROR\r\n'],
    ['AT+BOOT=\r\n', 'AT_PARAM_ERROR\r\n'],
    ['AT+LOCK=?\r\n', 'AT+LOCK=unlocked\r\nOK\r\n'],
    ['AT+BAUD=921600\r\n', 'AT_PARAM_ERROR\r\n'],
    ['AT+BAND=0\r\n', 'AT_UNSUPPORTED_BAND\r\n'],
    ['AT+BAND=8-2\r\nAT+BAND=?\r\n', 'OK\r\nAT+BAND=9\r\nOK\r\n'],
    ['AT+JOIN=?\r\n', 'AT+JOIN=0:0:8:0\r\nOK\r\n'],
    ['AT+JOIN=1:0:6:0\r\n', 'AT_PARAM_ERROR\r\n'],
    ['AT+JN1DL=6\r\n', 'AT_PARAM_ERROR\r\n'],
    ['AT+RX2DL=4\r\nAT+RX1DL=?\r\n', 'OK\r\nAT+RX1DL=3\r\nOK\r\n'],
    ['AT+BFREQ=?\r\n', 'AT_NO_CLASSB_ENABLE\r\n'],
    ['AT+CLASS=B\r\nAT+CLASS=?\r\n', 'OK\r\nAT+CLASS=B:S0\r\nOK\r\n'],
    ['AT+TIMEREQ=1\r\n', 'AT_NO_NETWORK_JOINED\r\n'],
    ['ATD\r\n', 'AT_NO_NETWORK_JOINED\r\n'],
    ['AT+PSEND=0102\r\n', 'AT_MODE_NO_SUPPORT\r\n'],
    ['AT+MASK=?\r\n', 'AT_ERROR\r\n'],
    ['AT+BAND=5\r\nAT+MASK=?\r\n', 'OK\r\nAT+MASK=00FF\r\nOK\r\n'],
    ['AT+BAND=6\r\nAT+MASK=01FF\r\n', 'OK\r\nAT_PARAM_ERROR\r\n'],
    ['AT+BAND=5\r\nAT+CHE=1:2\r\nAT+MASK=?\r\n', 'OK\r\nOK\r\nAT+MASK=0003\r\nOK\r\n'],
    ['AT+BAT=?\r\n', 'AT+BAT=3.300000\r\nOK\r\n'],
    ['AT+SN=?\r\n', 'AT+SN=9181004E20900057\r\nOK\r\n'],
    ['AT+BLEMAC=?\r\n', 'AT_COMMAND_NOT_FOUND\r\n'],
    ['AT+TTONE\r\n', 'Tx toneOK\r\n'],
    ['AT+TTONE\r\nAT+TTX=1\r\nAT+TOFF\r\n', 'Tx toneOK\r\nAT_BUSY_ERROR\r\nOK\r\n'],
    ['AT+TTX=1\r\n', 'OK\r\nTx Test : Packet 1 of 1\r\nOnTxDone\r\n'],
    ['AX\bT\r\n', '\b \bOK\r\n'],
    ['\u007fAT\r\n', 'OK\r\n'],
    ['AT\u001b[A\r\n', 'OK\r\n'],
    ['ATE\r\nat+nwm=?\r\n', 'OK\r\nat+nwm=?\n\rat+nwm=1\r\nOK\r\n'],
    ['AT+ADDMULC=B:11223344:' + '0'.repeat(32) + ':' + '0'.repeat(32) + ':868100000\r\n', 'AT_PARAM_ERROR\r\n'],
    ['AT+RMVMULC=11223344\r\n', 'AT_PARAM_ERROR\r\n'],
    ['AT+NETID=?\r\n', 'AT+NETID=000000\r\nOK\r\n'],
    ['AT+CFM?\r\n', 'AT+CFM,RW: uplinks want to be acknowledged\r\nOK\r\n'],
    ['AT+LTIME=?\r\n', 'AT+LTIME=00h00m00s 1970-01-01\r\nOK\r\n'],
  ])('%j', (typed, answer) => expect(start().type(typed)).toBe(answer));

  test('help on everything', () => {
    const help = start().type('AT?\r\n').split('\r\n');
    expect(help.slice(0, 5)).toEqual([
      '',
      'AT+<CMD>?: help on <CMD>',
      'AT+<CMD>: run <CMD>',
      'AT+<CMD>=<value>: set the value',
      'AT+<CMD>=?: get the value',
    ]);
    expect(help).toHaveLength(5 + Object.keys(console.commands).length - 1 + 2);
    expect(help.at(-2)).toBe('OK');
  });

  test('a line of 2048 characters; what is more is dropped', () => {
    const b = start();
    expect(b.type(`AT+ALIAS=${'x'.repeat(3000)}\r\nAT\r\n`)).toBe('AT_PARAM_ERROR\r\nOK\r\n');
  });

  test('a payload that is too long empties the queue of the network', () => {
    const b = start();
    b.modem.joined = true;
    b.modem.refusals.push({ kind: 'too-long', most: 51 });
    expect(b.type(`AT+SEND=2:${'00'.repeat(60)}\r\n`)).toBe('AT_PARAM_ERROR\r\n');
    expect(b.modem.asked).toEqual([{ send: { fPort: 2, bytes: new Uint8Array(), confirmed: false } }]);
  });

  test('sleep', () => {
    const b = start();
    expect(b.type('AT+SLEEP=5000\r\n')).toBe('OK\r\n');
    b.tell({ kind: 'sent' });
    expect(b.type('AT\r\n')).toBe('');
    b.wire.advance(b.wire.nowUs + 5 * secondUs);
    expect(b.type('AT\r\n')).toBe('OK\r\n');
    expect(b.type('AT+SLEEP\r')).toBe('OK\r\n');
    expect(b.type('\r\nAT\r\n')).toBe('OK\r\n');
  });

  test('retries of a join, and auto-join at the next start', () => {
    const b = start();
    expect(b.type('AT+JOIN=1:1:10:1\r\n')).toBe('OK\r\n');
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    expect(b.take()).toBe('+EVT:JOIN_FAILED_RX_TIMEOUT\r\n');
    b.wire.advance(b.wire.nowUs + 11 * secondUs);
    expect(b.modem.asked).toHaveLength(2);
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    b.wire.advance(b.wire.nowUs + 60 * secondUs);
    expect(b.modem.asked).toHaveLength(2);
    expect(b.type('AT+JOIN=?\r\nATZ\r\n')).toBe(`AT+JOIN=1:1:10:1\r\nOK\r\n${boot}`);
    expect(b.modem.asked).toHaveLength(3);
    expect(b.type('AT+JOIN=0\r\nAT+JOIN=?\r\n')).toBe('OK\r\nAT+JOIN=0:1:10:1\r\nOK\r\n');
  });

  test('ABP begins without a word', () => {
    const b = start();
    expect(b.type('AT+NJM=0\r\nAT+JOIN\r\n')).toBe('OK\r\nOK\r\n');
    b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    expect(b.take()).toBe('');
  });

  test('link check and time ride with an uplink', () => {
    const b = start();
    b.modem.joined = true;
    expect(b.type('AT+LINKCHECK=1\r\nAT+SEND=2:00\r\nAT+LINKCHECK=?\r\n')).toContain('AT+LINKCHECK=0\r\n');
    b.tell({ kind: 'link-checked', marginDb: 21, gateways: 1 });
    b.tell({ kind: 'unanswered', what: 'link-check' });
    b.tell({ kind: 'time', networkUs: 1_542_155_878_000_000 });
    b.tell({ kind: 'unanswered', what: 'time' });
    expect(b.take()).toBe(
      '+EVT:LINKCHECK:0:21:1:0:0\r\n+EVT:LINKCHECK:1:0:0:0:0\r\n+EVT:TIMEREQ_OK\r\n+EVT:TIMEREQ_FAILED\r\n',
    );
    expect(b.type('AT+LTIME=?\r\n', 10)).toBe('AT+LTIME=00h37m58s 2018-11-14\r\nOK\r\n');
  });
});

describe('point to point', () => {
  const p2p = (): ReturnType<typeof start> => {
    const b = start();
    expect(b.type('AT+NWM=0\r\n')).toBe('OK\r\nCurrent Work Mode: LoRa P2P.\r\n');
    return b;
  };
  test('a window that nobody answers', () => {
    const b = p2p();
    expect(b.type('AT+PRECV=3000\r\n', 2_000)).toBe('OK\r\n');
    expect(b.type('AT+PSEND=00\r\n')).toBe('AT_BUSY_ERROR\r\n+EVT:RXP2P RECEIVE TIMEOUT\r\n');
    expect(b.type('AT+PRECV=?\r\n')).toBe('P2P_RX_OFF\r\nOK\r\n');
  });
  test('receiving for ever, and sending', () => {
    const b = p2p();
    expect(b.type('AT+PRECV=65533\r\nAT+PSEND=00\r\n')).toBe('OK\r\nOK\r\n+EVT:TXP2P DONE\r\n');
    expect(b.type('AT+PRECV=100\r\n')).toContain('AT_BUSY_ERROR');
  });
  test('two names for one setting, and one that is not kept', () => {
    const b = p2p();
    expect(b.type('AT+RFFREQUENCY=869525000\r\nAT+PFREQ=?\r\n')).toBe('OK\r\nAT+PFREQ=869525000\r\nOK\r\n');
    expect(b.type('AT+P2P=868100000:9:1:2:10:20:1\r\nAT+PSF=?\r\n')).toBe('OK\r\nAT+PSF=9\r\nOK\r\n');
    b.type('ATZ\r\n');
    expect(b.type('AT+P2P=?\r\n')).toBe('AT+P2P=869525000:7:0:0:8:14\r\nOK\r\n');
  });
  test('FSK', () => {
    const b = start();
    expect(b.type('AT+NWM=2\r\n')).toBe('OK\r\nCurrent Work Mode: FSK.\r\n');
    expect(b.type('AT+PSEND=0102\r\n')).toBe('OK\r\n+EVT:TXFSK DONE\r\n');
  });
});

describe('other modes', () => {
  test('the lock survives a restart of power, and hides events', () => {
    const b = start();
    b.type('AT+PWORD=secret\r\nAT+LOCK\r\n');
    b.tell({ kind: 'sent' });
    expect(b.take()).toBe('');
    const flash = b.told.findLast((one) => one.kind === 'flash')!.flash;
    const again = start(scriptedModem(), { flash });
    expect(again.type('AT+VERSION=?\r\n')).toBe('AT+VERSIO\r\nCOMMAND_LOCKED\r\n\0');
    expect(again.type('secret\r\nAT\r\n')).toBe('secret\r\nOK\r\n');
  });

  test('the binary mode and its way back', () => {
    const b = start();
    expect(b.type('AT+APM\r\n')).toBe('OK\r\n');
    expect(b.type('AT\r\n')).toBe('');
    const ask = { type: 5, flag: 0, payload: hex('0102') };
    const text = String.fromCharCode(...writeApiFrame(ask));
    expect(b.type(text)).toBe(String.fromCharCode(...writeApiFrame({ type: 5, flag: 1, payload: new Uint8Array() })));
    expect(b.type('~\0')).toBe('');
    b.wire.advance(b.wire.nowUs + 3 * secondUs);
    expect(b.type('ATZ\r\nAT+ATM\r')).toBe('\r\n');
    expect(b.type('\nAT\r\n')).toBe('OK\r\n');
    b.type('AT+APM\r\n');
    expect(toHex(writeApiFrame(toTextMode))).toBe('7e0004010000000248' + '04');
    expect(b.type(String.fromCharCode(...writeApiFrame(toTextMode)))).toBe('\r\n');
    expect(b.type('AT\r\n')).toBe('OK\r\n');
  });

  test('frames that are cut, spoilt or too long', () => {
    expect(readApiFrame(hex(''))).toBeUndefined();
    expect(readApiFrame(hex('7e0004'))).toBeUndefined();
    expect(readApiFrame(hex('00117e'))).toEqual({ noise: 2 });
    expect(readApiFrame(hex('7e01000000'))).toEqual({ noise: 1 });
    expect(readApiFrame(hex('7e00040100000002480400'))).toEqual({ frame: toTextMode, length: 10 });
    expect(readApiFrame(hex('7e000401000000024805'))).toEqual({ noise: 1 });
  });

  test('the data mode', () => {
    const b = start();
    b.modem.joined = true;
    expect(b.type('ATD=7\r\nATD\r\n')).toBe('OK\r\nOK\r\n');
    expect(b.type('hi')).toBe('');
    expect(b.modem.asked).toEqual([{ send: { fPort: 7, bytes: hex('6869'), confirmed: false, tries: 1 } }]);
    expect(b.type('+++')).toBe('\r\n');
    expect(b.type('AT\r\n')).toBe('OK\r\n');
  });

  test('the bootloader', () => {
    const b = start();
    expect(b.type('AT+BOOT\r\n')).toBe('<BOOT MODE>\r\n');
    expect(b.type('at+bootstatus\r\nAT+FOO\r\nat+bootver=?\r\n')).toBe(
      'Boot Mode\r\nAT not support.\r\nRUI_BOOT_0.8_STM32WLE5CC\r\n',
    );
    expect(b.type('at+update\r\n', 3_500)).toBe('Start firmware upgrade...\r\nCCC');
    expect(b.type('at+run\r\n')).toBe(`Stop Boot Mode\r\n${boot}`);
  });
});
