import { describe, expect, test } from 'vitest';
import type { Machine } from '../../src/base/machine.js';
import { usPerMs, usPerSecond, type Us } from '../../src/base/time.js';
import { wire } from '../../src/base/wire.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { climb, ladder, ladderWakeUs, type LadderOut } from '../../src/ladder/ladder.js';
import { registry } from '../../src/network/registry.js';
import type { RxFrame, TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import { virtualBoard, type DownlinkOrder } from '../../src/sim/board.js';
import { benchGateway } from '../../src/sim/modem-plan.js';
import { startModem, type ModemSetup } from '../../src/sim/modem.js';
import type { Modem, ModemEvent } from '../../src/sim/modem-types.js';
import type { TwinEvent } from '../../src/sim/twin.js';
import { deviceOf, payload, profile, startUs } from './modem-bench.js';

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytes = (line: string): Uint8Array => Uint8Array.from(line, (letter) => letter.charCodeAt(0));

/** A made-up console: J joins, S sends, T prints "tick" after three seconds; what the modem tells is printed. */
const console = (modem: Modem): { machine: Machine<TwinEvent, ModemEvent>; timeouts: Us[] } => {
  const timeouts: Us[] = [];
  return {
    timeouts,
    machine: {
      step(input, nowUs, out) {
        if (input.kind === 'order') out.bytes(bytes(`${input.order.kind}\n`));
        if (input.kind === 'timeout') {
          timeouts.push(nowUs);
          out.bytes(bytes('tick\n'));
        }
        if (input.kind !== 'bytes') return;
        for (const letter of text(input.bytes)) {
          if (letter === 'T') out.wakeAt(nowUs + 3 * usPerSecond);
          const said =
            letter === 'J'
              ? modem.join()
              : letter === 'S'
                ? modem.send({ fPort: 2, bytes: payload(), confirmed: true })
                : undefined;
          out.bytes(bytes(`${said?.kind ?? 'ok'}\n`));
        }
      },
    },
  };
};

/** Types what it is told and tells what it reads. */
const host: Machine<string, string> = {
  step(input, _nowUs, out) {
    if (input.kind === 'bytes') out.event(text(input.bytes));
    if (input.kind === 'order') out.bytes(bytes(input.order));
  },
};

/** A board on a wire, and the network that its gateway reports to. */
const play = (change: Partial<ModemSetup> = {}) => {
  const modem = startModem({ seed: 'board', name: 'board', profile, startUs, ...change });
  const { machine, timeouts } = console(modem);
  const said: string[] = [];
  const told: ModemEvent['kind'][] = [];
  const heard: RxFrame[] = [];
  const verdicts: TxVerdict[] = [];
  const far = virtualBoard({
    console: machine,
    modem,
    event: ({ kind }) => void told.push(kind),
    air: { heard: (rx) => void heard.push(rx) },
  });
  const cable = wire<string, string, TwinEvent, DownlinkOrder>(
    {
      machine: host,
      event: (line, atUs) => void said.push(`${Math.round((atUs - startUs) / usPerMs)} ${line.trim()}`),
    },
    { machine: far },
    { startUs },
  );
  cable.open();
  const network = ladder({ ...simulatedNetwork, statusEveryMs: 0 }, registry([deviceOf(modem.identity)]));
  const offer = (tx: TxFrame): TxVerdict => {
    let verdict: TxVerdict = 'no-answer';
    cable.tellFar({ tx, verdict: (one) => void (verdict = one) });
    verdicts.push(verdict);
    return verdict;
  };
  const out: LadderOut = {
    copy: () => undefined,
    batch({ send }) {
      if (send) climb(network, { kind: 'verdict', id: send.id, verdict: offer(send), atUs: cable.nowUs }, out);
    },
  };
  const run = (seconds: number): void => {
    for (const untilUs = cable.nowUs + seconds * usPerSecond; cable.nowUs < untilUs;) {
      cable.advance(Math.min(untilUs, cable.nowUs + 50 * usPerMs));
      for (const rx of heard.splice(0)) climb(network, { kind: 'frame', rx }, out);
      while (ladderWakeUs(network) <= cable.nowUs) climb(network, { kind: 'tick', atUs: ladderWakeUs(network) }, out);
    }
  };
  return { modem, cable, run, said, told, timeouts, verdicts };
};

describe('a whole board as one machine', () => {
  test('what its modem tells comes out of its console, at the time of the air', () => {
    const { cable, run, said, told, verdicts } = play();
    run(1);
    cable.tell('J');
    run(8);
    cable.tell('S');
    run(5);
    expect(told).toEqual(['joined', 'delivered']);
    expect(verdicts).toEqual(['ok', 'ok']);
    // A join request of SF7 takes 62 ms, its accept comes after five seconds; an acknowledgement comes after one.
    const [ok, joined, sent, delivered] = said.map((line) => Number(line.split(' ')[0]));
    expect(said.map((line) => line.split(' ')[1])).toEqual(['ok', 'joined', 'ok', 'delivered']);
    expect(joined! - ok!).toBeGreaterThan(5_060);
    expect(joined! - ok!).toBeLessThan(5_200);
    expect(delivered! - sent!).toBeGreaterThan(1_050);
    expect(delivered! - sent!).toBeLessThan(1_200);
  });

  test('two orders in one write: the second one hears that the first is under way', () => {
    const { cable, run, said } = play();
    cable.tell('JJ');
    run(1);
    expect(said).toEqual(['0 ok', '0 busy']);
  });

  test('the appointments of console and modem are kept apart, whichever comes first', () => {
    const { cable, run, timeouts, told } = play({ gateways: [] });
    cable.tell('TJ');
    run(60);
    // The modem woke in between, and once more after it: the console was called once, at its own time.
    expect(timeouts).toEqual([startUs + 3 * usPerSecond]);
    expect(told).toEqual(['join-failed']);
    cable.tell('T');
    run(2);
    cable.tell('T');
    run(60);
    expect(timeouts.map((us) => (us - startUs) / usPerSecond)).toEqual([3, 65]);
    expect(cable.nextUs).toBe(Infinity);
  });

  test('its radio goes on when the cable is pulled', () => {
    const { modem, cable, run, said, told } = play();
    cable.tell('J');
    run(1);
    cable.unplug();
    run(20);
    expect(told).toEqual(['joined']);
    expect(modem.joined).toBe(true);
    expect(said).toEqual(['0 ok']);
    cable.open();
    cable.tell('S');
    run(5);
    expect(said.length).toBe(3);
  });

  test('a downlink that nobody waits for is refused or flies by, and the console hears nothing', () => {
    const { modem, cable, run, said, told } = play();
    const verdicts: TxVerdict[] = [];
    const tx: TxFrame = {
      ...{ phy: new Uint8Array(20).fill(0x60), gateway: benchGateway.eui, when: { kind: 'now' }, freqHz: 868_100_000 },
      ...{ dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, codingRate: '4/5', powerDbm: 14 },
      ...{ invertPolarity: true, rfChain: 0, id: 1 },
    };
    for (const gateway of [benchGateway.eui, 'ffffffffffffffff'])
      cable.tellFar({ tx: { ...tx, gateway }, verdict: (verdict) => void verdicts.push(verdict) });
    run(5);
    expect(verdicts).toEqual(['ok', 'unknown']);
    expect([said, told]).toEqual([[], []]);
    expect(modem.busy).toBe(false);
  });
});
