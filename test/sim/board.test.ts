import { describe, expect, test } from 'vitest';
import { order, type Machine } from '../../src/base/machine.js';
import { usPerMs, usPerSecond, type Us } from '../../src/base/time.js';
import { wire } from '../../src/base/wire.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { climb, ladder, ladderWakeUs, type LadderOut } from '../../src/ladder/ladder.js';
import { registry } from '../../src/network/registry.js';
import type { RxFrame, TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import { virtualBoard, type DownlinkOrder } from '../../src/sim/board.js';
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

const host: Machine<string> = {
  step(input, _nowUs, out) {
    if (input.kind === 'bytes') out.event(text(input.bytes));
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
  const cable = wire<string, never, TwinEvent, DownlinkOrder>(
    { machine: host as Machine<string, never>, event: (line, atUs) => void said.push(`${atUs - startUs} ${line.trim()}`) },
    { machine: far },
    { startUs },
  );
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
    for (const untilUs = cable.nowUs + seconds * usPerSecond; cable.nowUs < untilUs; ) {
      cable.advance(Math.min(untilUs, cable.nowUs + 50 * usPerMs));
      for (const rx of heard.splice(0)) climb(network, { kind: 'frame', rx }, out);
      while (ladderWakeUs(network) <= cable.nowUs) climb(network, { kind: 'tick', atUs: ladderWakeUs(network) }, out);
    }
  };
  const type = (letters: string): void => {
    near.step({ kind: 'bytes', bytes: bytes(letters) });
  };
  const near = { step: (input: { kind: 'bytes'; bytes: Uint8Array }) => typed.push(input.bytes) };
  const typed: Uint8Array[] = [];
  return { modem, cable, run, type, typed, said, told, timeouts, verdicts };
};
void order;
void play;
