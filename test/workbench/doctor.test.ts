import { describe, expect, test } from 'vitest';
import { hintOf, missingFacts, problem, sentenceOf } from '../../src/base/problem.js';
import { failed } from '../../src/base/result.js';
import { examine } from '../../src/workbench/doctor/examine.js';
import { shellWord, type CheckId, type World } from '../../src/workbench/doctor/types.js';
import { ruleFile, ruleText } from '../../src/workbench/doctor/udev.js';
import { dialout, groupFile, known, madeUp, ttyUsb } from './made-up-world.js';

const rule = { [ruleFile]: ruleText(known) };
const named = '/dev/ttyUSB0';

/** State and code of what a check finds. */
const found = async (world: World, check: CheckId, how: { named?: string; fix?: boolean; wait?: boolean } = {}) => {
  const findings = await examine(world, how);
  for (const { what } of findings) expect(missingFacts(what), what.code).toEqual([]);
  return findings.filter((one) => one.check === check).map(({ state, what, command }) => [state, what.code, command]);
};

test('a healthy machine has no problems, every check says something, and nothing is opened unless a port is named', async () => {
  const { world, heardAt, written } = madeUp({ files: rule });
  const findings = await examine(world, {});
  expect(findings.filter(({ state }) => state === 'problem' || state === 'warning')).toEqual([]);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(11);
  expect([heardAt, written]).toEqual([[], {}]);
});

describe('permission', () => {
  const locked = { mayOpen: () => Promise.resolve(false), user: { name: 'ann', uid: 1000, groups: [1000] } };

  test('a user outside the group is told which one and how to join', async () => {
    const { world } = madeUp(locked);
    const command = 'sudo usermod -aG dialout ann';
    expect(await found(world, 'permission')).toEqual([['problem', 'doctor-not-in-group', command]]);
  });

  test('a user who was put in the group during this login must log in anew', async () => {
    const { world } = madeUp({ ...locked, files: { '/etc/group': 'dialout:x:20:bob,ann\n' } });
    expect(await found(world, 'permission')).toEqual([['problem', 'doctor-old-login', undefined]]);
  });

  test.each([
    ['root alone may', { ...dialout, gid: 0 }],
    ['the group has no rights', { ...dialout, mode: 0o600 }],
  ])('no group helps when %s', async (_, facts) => {
    const { world } = madeUp({ ...locked, looks: { '/dev/ttyUSB0': facts } });
    expect(await found(world, 'permission')).toEqual([['problem', 'doctor-no-right', undefined]]);
  });

  test('without a port it is told whether one could be opened', async () => {
    const none = { ports: () => Promise.resolve([]) };
    expect(await found(madeUp(none).world, 'permission')).toEqual([['ok', 'doctor-in-a-group', undefined]]);
    const [outside] = await found(madeUp({ ...none, ...locked }).world, 'permission');
    expect(outside).toEqual(['warning', 'doctor-in-no-group', 'sudo usermod -aG dialout ann']);
    const files = { '/etc/group': groupFile.replace('20:', '20:ann') };
    const [late] = await found(madeUp({ ...none, ...locked, files }).world, 'permission');
    expect(late).toEqual(['warning', 'doctor-old-login', undefined]);
  });

  test('a strange name becomes one word of the command', () => {
    expect(shellWord('ann')).toBe('ann');
    expect(shellWord("o'brien; rm -rf")).toBe("'o'\\''brien; rm -rf'");
  });
});

describe('udev rule', () => {
  const root = { user: { name: 'root', uid: 0, groups: [0] } };

  test('it is missed, then written by root, shown before, and the second time left as it is', async () => {
    const { world, written, told } = madeUp(root);
    expect(await found(world, 'udev-rule')).toEqual([['warning', 'doctor-rule-missing', undefined]]);
    const [first] = await found(world, 'udev-rule', { fix: true });
    expect(first?.slice(0, 2)).toEqual(['ok', 'doctor-rule-written']);
    expect(first?.[2]).toContain('udevadm control --reload');
    expect(written).toEqual(rule);
    expect(told.map((line) => line.trim())).toContain('LABEL="stellwerk_end"');
    told.length = 0;
    expect(await found(world, 'udev-rule', { fix: true })).toEqual([['ok', 'doctor-rule-there', undefined]]);
    expect(told).toEqual([]);
  });

  test('who is not root gets the command and nothing is written', async () => {
    const { world, written } = madeUp();
    const command = 'sudo /usr/bin/node /opt/stellwerk/cli.js doctor --fix';
    expect(await found(world, 'udev-rule', { fix: true })).toEqual([['problem', 'doctor-rule-needs-root', command]]);
    expect(written).toEqual({});
  });

  test('an older rule is told apart, and a disk that does not take the new one is a problem', async () => {
    const files = { [ruleFile]: '# an older one\n' };
    expect((await found(madeUp({ files }).world, 'udev-rule'))[0]?.[1]).toBe('doctor-rule-old');
    const { world } = madeUp({ ...root, files, writeText: () => Promise.resolve('read-only file system') });
    expect(await found(world, 'udev-rule', { fix: true })).toEqual([['problem', 'doctor-rule-failed', undefined]]);
  });

  test('it names every USB id of the catalogue once, in the form that udev reads', () => {
    const lines = ruleText(known)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const ids = [...known.boards, ...known.bridges].flatMap(({ usb }) =>
      usb.flatMap((entry) => ('vid' in entry ? [`${entry.vid}:${entry.pid}`.toLowerCase()] : [])),
    );
    const body = lines.slice(2, -1);
    expect(body).toHaveLength(new Set(ids).size);
    const form =
      /^ATTRS\{idVendor\}=="([0-9a-f]{4})", ATTRS\{idProduct\}=="([0-9a-f]{4})", TAG\+="uaccess", ENV\{ID_MM_DEVICE_IGNORE\}="1"$/;
    for (const line of body) {
      const [, vid, pid] = form.exec(line) ?? [];
      expect(ids).toContain(`${vid}:${pid}`);
    }
    expect(ruleText(known)).toContain('GOTO="stellwerk_end"');
  });

  test("nothing of a user's own board can slip into a file that root's udevd reads", () => {
    const usb = [{ vid: '1A86"', pid: '7523', state: 'any' as const }];
    const evil = { ...known.bridges[0]!, usb: [...usb, { vid: 'ABCD', pid: '0001', state: 'any' as const }] };
    const text = ruleText({ boards: [], bridges: [{ ...evil, chip: 'x\nRUN+="/bin/evil"' }] });
    expect(text.split('\n').filter((line) => line.startsWith('RUN'))).toEqual([]);
    expect(text.match(/ATTRS\{idVendor\}/g)).toHaveLength(1);
  });
});

describe('other programs', () => {
  const processes = () => Promise.resolve([{ pid: 77, name: 'ModemManager' }]);

  test('ModemManager is a warning until the rule keeps it off', async () => {
    const [bare] = await found(madeUp({ processes }).world, 'modem-manager');
    expect(bare?.slice(0, 2)).toEqual(['warning', 'doctor-modem-manager']);
    const kept = await found(madeUp({ processes, files: rule }).world, 'modem-manager');
    expect(kept).toEqual([['ok', 'doctor-modem-manager-off', undefined]]);
  });

  const line = 'ENV{PRODUCT}=="1a86/7523/*", ENV{BRLTTY_BRAILLE_DRIVER}="bm", GOTO="brltty_usb_run"\n';
  const file = '/usr/lib/udev/rules.d/85-brltty.rules';

  test('brltty is a warning, and a problem when the chip stands there without its port', async () => {
    const [warned] = await found(madeUp({ files: { [file]: line } }).world, 'brltty');
    expect(warned?.slice(0, 2)).toEqual(['warning', 'doctor-brltty']);
    const taken = {
      files: { [file]: line },
      ports: () => Promise.resolve([]),
      usb: () => Promise.resolve([{ vendorId: '1a86', productId: '7523', name: 'USB Serial' }]),
    };
    const [grabbed] = await found(madeUp(taken).world, 'brltty');
    expect(grabbed).toEqual(['problem', 'doctor-brltty', 'sudo apt remove brltty']);
    expect(await found(madeUp(taken).world, 'ports')).toContainEqual(['problem', 'doctor-usb-without-port', undefined]);
  });

  test.each([
    ['is commented out', { [file]: `# ${line}` }],
    ['is for other devices', { [file]: line.replace('7523', '0001') }],
    ['is put out of force in /etc', { '/etc/udev/rules.d/85-brltty.rules': '\n', [file]: line }],
  ])('a rule of brltty that %s is none', async (_, files) => {
    expect(await found(madeUp({ files }).world, 'brltty')).toEqual([['ok', 'doctor-no-brltty', undefined]]);
  });

  test('who has the port open is named, with what ends it', async () => {
    const held = (name: string) => madeUp({ holder: () => Promise.resolve({ pid: 4711, name }) }).world;
    expect(await found(held('picocom'), 'busy', { named })).toEqual([['problem', 'doctor-busy', 'kill 4711']]);
    expect((await found(held('ModemManager'), 'busy'))[0]?.[2]).toBe('sudo systemctl stop ModemManager');
  });
});

describe('what is plugged in', () => {
  const none = { ports: () => Promise.resolve([]) };

  test('without a port the places are named; ten seconds of waiting end', async () => {
    expect(await found(madeUp(none).world, 'ports')).toEqual([['problem', 'doctor-no-ports', undefined]]);
    let waitedMs = 0;
    const { world, told } = madeUp({ ...none, wait: (ms) => Promise.resolve(void (waitedMs += ms)) });
    const codes = (await found(world, 'ports', { wait: true })).map(([, code]) => code);
    expect([codes, waitedMs]).toEqual([['doctor-no-new-device', 'doctor-no-ports'], 10_000]);
    expect(told.length).toBeGreaterThan(3);
  });

  test('a board that comes meanwhile is looked at; Ctrl-C ends the waiting', async () => {
    let polls = 0;
    const { world } = madeUp({ ports: () => Promise.resolve(++polls > 4 ? [ttyUsb] : []) });
    expect((await found(world, 'ports', { wait: true }))[0]?.[1]).toBe('doctor-new-port');
    expect((await found(world, 'permission'))[0]?.[1]).toBe('doctor-may-open');
    let asked = 0;
    const stopped = madeUp({ ...none, stopped: () => ++asked > 3 });
    await examine(stopped.world, { wait: true });
    expect(asked).toBeLessThan(30);
  });

  test('a hidden port is nobody', async () => {
    const hidden = { ports: () => Promise.resolve([{ path: '/dev/ttyS0', hidden: 'no-chip' as const }]) };
    expect((await found(madeUp(hidden).world, 'ports'))[0]?.[1]).toBe('doctor-no-ports');
    const looks = { '/dev/ttyS0': dialout };
    const [one] = await found(madeUp({ ...hidden, looks }).world, 'device', { named: '/dev/ttyS0' });
    expect(one?.slice(0, 2)).toEqual(['problem', 'doctor-no-hardware']);
  });

  test('a port that is not there, and what is no port, are said', async () => {
    expect((await found(madeUp().world, 'ports', { named: '/dev/ttyUSB9' }))[0]?.[1]).toBe('doctor-port-missing');
    for (const kind of ['file', 'folder', 'other'] as const) {
      const { world, heardAt } = madeUp({ looks: { '/tmp/x': { ...dialout, kind } } });
      expect((await found(world, 'device', { named: '/tmp/x' }))[0]?.[1]).toBe('doctor-not-serial');
      expect(heardAt).toEqual([]);
    }
  });

  test('a port may be named by its stable name', async () => {
    const byId = '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0';
    const { world } = madeUp({ ports: () => Promise.resolve([{ ...ttyUsb, byId }]) });
    expect((await found(world, 'device', { named: byId }))[0]?.[1]).toBe('doctor-is-serial');
  });

  test('a chip in its bootloader without a port is no missing driver', async () => {
    const usb = () => Promise.resolve([{ vendorId: '0483', productId: 'df11', name: 'STM32 BOOTLOADER' }]);
    expect(await found(madeUp({ usb }).world, 'ports')).toContainEqual(['warning', 'doctor-usb-flash-only', undefined]);
  });

  test('a driver that does not load is the first problem', async () => {
    const { world } = madeUp({ driverFault: () => Promise.resolve('wrong ELF class') });
    expect(await found(world, 'driver')).toEqual([['problem', 'doctor-driver-fails', undefined]]);
  });
});

describe('speed', () => {
  const text = 'joining...joined\r\nunconfirmed uplink sending ...\r\n';
  const noise = '\u00fe\u0080\u0000\u00e6'.repeat(20);

  test.each([
    ['at the likeliest speed', 115_200, 'ok', 'doctor-text', 1],
    ['at another speed', 57_600, 'warning', 'doctor-other-speed', 3],
    ['at the speed of a boot log', 74_880, 'warning', 'doctor-boot-log', 6],
  ])('text %s', async (_, baud, state, code, tries) => {
    const { world, heardAt } = madeUp({}, (at) => (at === baud ? text : noise));
    expect(await found(world, 'speed', { named })).toEqual([[state, code, undefined]]);
    expect(heardAt).toHaveLength(tries);
  });

  test.each([
    ['silence', '', 'doctor-silent', 1],
    ['a few bytes', 'OK\r\n', 'doctor-too-little', 1],
    ['noise', noise, 'doctor-noise', 9],
  ])('%s', async (_, heard, code, tries) => {
    const { world, heardAt } = madeUp({}, () => heard);
    expect((await found(world, 'speed', { named }))[0]?.[1]).toBe(code);
    expect(heardAt).toHaveLength(tries);
  });

  test('a port that cannot be opened says why; a speed that the driver does not know is passed over', async () => {
    const busy = failed(problem('port-busy', { address: named, holder: 'node (process 1)' }));
    const { world } = madeUp({ listen: () => Promise.resolve(busy) });
    expect(await found(world, 'speed', { named })).toEqual([['problem', 'port-busy', undefined]]);
    const picky = madeUp({}, (at) => (at === 57_600 ? text : noise)).world;
    const listen: World['listen'] = (path, how) =>
      how.baud === 9_600 ? Promise.resolve(busy) : picky.listen(path, how);
    expect((await found({ ...picky, listen }, 'speed', { named }))[0]?.[1]).toBe('doctor-other-speed');
  });

  test('what may be a concentrator is never opened, also when it is named', async () => {
    const ports = () => Promise.resolve([{ path: named, vendorId: '0483', productId: '5740' }]);
    const { world, heardAt } = madeUp({ ports });
    expect(await found(world, 'concentrator', { named })).toEqual([['warning', 'doctor-concentrator', undefined]]);
    expect((await found(world, 'speed', { named }))[0]?.[0]).toBe('not-here');
    expect(heardAt).toEqual([]);
  });

  test('a port in a network is listened to at one speed', async () => {
    const { world, heardAt } = madeUp({}, () => noise);
    await examine(world, { named: 'tcp://127.0.0.1:4000' });
    expect(heardAt).toEqual([115_200]);
  });
});

test.each([
  ['win32', 'COM3', 'ok', 'doctor-names-fine'],
  ['win32', '/dev/ttyUSB0', 'problem', 'doctor-com-name'],
  ['darwin', '/dev/cu.usbserial-1', 'ok', 'doctor-names-fine'],
  ['darwin', '/dev/tty.usbserial-1', 'warning', 'doctor-tty-name'],
])('%s: %s', async (platform, port, state, code) => {
  const { world } = madeUp({ platform, ports: () => Promise.resolve([{ path: port }]) });
  expect(await found(world, 'names', { named: port })).toEqual([[state, code, undefined]]);
  for (const check of ['permission', 'udev-rule', 'modem-manager', 'brltty', 'busy'] as const)
    expect((await found(world, check, { named: port }))[0]?.[0]).toBe('not-here');
});

test('a device without a driver is found on Windows, where it has no port', async () => {
  const usb = () => Promise.resolve([{ vendorId: '10C4', productId: 'EA60', name: 'CP2102 USB to UART' }]);
  const { world } = madeUp({ platform: 'win32', ports: () => Promise.resolve([]), usb });
  const [, finding] = (await examine(world, {})).filter(({ check }) => check === 'ports');
  expect(finding?.what.code).toBe('doctor-usb-without-port');
  expect(sentenceOf(finding!.what)).toContain('10C4:EA60 (CP2102 USB to UART)');
  expect(hintOf(finding!.what)).toContain('driver');
});
