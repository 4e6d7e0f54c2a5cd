import { diceKey, type Dice } from '../base/dice.js';
import { must } from '../base/problem.js';
import { usPerMs, type Us } from '../base/time.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Transmission } from './air.js';
import { appointments, keepBlocks, slots, slotsPerRow } from './appointments.js';
import { chargeLeft } from './battery.js';
import type { SensorInput, SensorPort } from './behaviour.js';
import { devNonce } from './dev-nonce.js';
import { enqueue } from './enqueue.js';
import { endingsOf } from './endings.js';
import type { Flight } from './downlink-air.js';
import { loadDevice, saveAfter, saveDevice } from './fleet-state.js';
import { fleetOf } from './fleet.js';
import type { Mac, MacPort } from './mac-port.js';
import { phase, usualSettings } from './mac-state.js';
import { macBoot, macKick, macRxc, macWake, rxcWindow } from './mac.js';
import type { DeviceNote, Run, RunOut, RunSetup } from './run-types.js';
import { placeIn } from './row-dice.js';
import { digestOf, downlinkFate } from './told.js';

/** A simulation, standing at its plan's start. Bays are rows in the order of their names. */
export const startRun = (setup: RunSetup): Run => {
  const { plan, region } = setup;
  const otaa = setup.activation === 'otaa';
  const { bays, names, rows, dice, batteryDraw, ether, downlinks, ...fleet } = fleetOf(setup);
  const { world, mac, minds, behaviourOf, tables, places, classC, lanes, laneOf } = fleet;
  const unanswered = setup.unanswered === true || setup.exchange !== undefined;
  const due = appointments(rows, { unanswered });
  const taken = new Uint8Array(rows);
  const sending: (Transmission | undefined)[] = new Array<undefined>(rows).fill(undefined);
  /** Nonces and counters that each device has used since the last save. */
  const used = new Uint8Array(rows);
  let nowUs = plan.startUs;
  let at = 0;
  let out: RunOut = {};
  let restart: (SensorInput & { kind: 'boot' }) | undefined;
  let mustSave = true;
  /** Messages that the running step has handed to the MAC. */
  let fresh = 0;

  const wake = (slot: number, us: Us): void => due.set(at * slotsPerRow + slot, us);
  const macOf = (): Mac => ({ row: mac.at(at), mind: minds.of(at), port: macPort });
  const rowOf = (bay: string): number => placeIn(names, bay);
  const note = (what: DeviceNote['what'], untilUs?: Us): void =>
    out.device?.({ bay: names[at]!, atUs: nowUs, what, ...(untilUs !== undefined && { untilUs }) });
  const chargeNow = (): number =>
    chargeLeft(batteryDraw[at]!, { ms: (nowUs - plan.startUs) / usPerMs, frames: mac.at(at).frames });

  const macPort: MacPort = {
    get nowUs() {
      return nowUs;
    },
    get dice(): Dice {
      return dice.mac.at(at);
    },
    get charge() {
      return chargeNow();
    },
    region,
    unanswered,
    ...(setup.report && { report: setup.report }),
    nonce: (count) => devNonce(diceKey(setup.seed, `nonce:${names[at]!}`), count),
    used() {
      if (++used[at]! >= saveAfter) mustSave = true;
    },
    wake: (us) => wake(slots.mac, us),
    transmit(frame) {
      // Field by field: a spread takes as long as the air's verdict.
      const tx: Transmission = {
        row: at,
        phy: frame.phy,
        freqHz: frame.freqHz,
        channel: frame.channel,
        dataRate: frame.dataRate,
        eirpDbm: frame.eirpDbm,
        startUs: nowUs,
        endUs: frame.endUs,
        covered: taken[at] === 1,
        number: mac.at(at).frames,
        privateNetwork: frame.privateNetwork,
        rivals: undefined,
      };
      if (later) return later.begin(tx);
      sending[at] = tx;
      ether.begin(tx);
      wake(slots.air, frame.endUs);
    },
    tune: (freqHz, dataRate) => downlinks.tune(at, { openUs: nowUs, freqHz, dataRate, covered: taken[at] === 1 }),
    finish(lock) {
      const heard = downlinks.finish(lock);
      if (heard && lock.flight.row === at) out.delivered?.({ bay: names[at]!, atUs: nowUs });
      return heard;
    },
    note,
    tell: (input) => tellSensor(input),
  };

  const sensorPort: SensorPort = {
    get nowUs() {
      return nowUs;
    },
    get dice(): Dice {
      return dice.sensor.at(at);
    },
    get temperatureC() {
      return world.temperatureC(nowUs);
    },
    get charge() {
      return chargeNow();
    },
    get carPresent() {
      return taken[at] === 1;
    },
    send(message, options = {}) {
      fresh++;
      if (enqueue(minds.of(at), must(behaviourOf[at]!.model.encode(message)), options)) note('dropped-queue-full');
    },
    ask: (what) => void (mac.at(at)[what === 'link-check' ? 'wantsLinkCheck' : 'wantsTime'] = true),
    wakeInMs: (slot, ms) => wake(slots.sensor + (slot & 3), nowUs + Math.max(1, Math.round(ms * usPerMs))),
    cancel: (slot) => due.clear(at * slotsPerRow + slots.sensor + (slot & 3)),
    reboot: (cause) => void (restart = { kind: 'boot', cause }),
  };

  const tellSensor = (input: SensorInput): void => {
    const behaviour = behaviourOf[at]!;
    behaviour.step(tables.get(behaviour)!.at(places[at]!), input, sensorPort);
  };

  /** A sensor's life begins: blank columns, no appointments, and the MAC starts over unless its session survived. */
  const boot = (input: SensorInput, keepSession: boolean): void => {
    [0, 1, 2, 3].forEach(sensorPort.cancel);
    tables.get(behaviourOf[at]!)!.clear(places[at]!);
    const { row, mind, port } = macOf();
    for (let lost = mind.queue.length; lost > 0; lost--) note('dropped-restart');
    macBoot({ row, mind, port }, { keepSession });
    // A restart in the middle of a frame: the carrier is on until the frame's end all the same.
    if (row.txEndUs > nowUs) {
      row.phase = phase.waiting;
      wake(slots.mac, row.txEndUs + 1);
    }
    tellSensor(input);
    if (mind.session) tellSensor({ kind: 'joined' });
  };

  const endings = endingsOf({ ...{ setup, bays, lanes, laneOf, ether }, out: () => out });
  const { later } = endings;
  const endTransmission = (): void => {
    const tx = sending[at]!;
    sending[at] = undefined;
    endings.ended(tx, ether.end(tx));
  };

  const moveCar = (): void => {
    const present = taken[at] === 0;
    taken[at] = present ? 1 : 0;
    const d = dice.world.at(at);
    wake(slots.car, nowUs + (present ? world.stayUs(d) : world.gapUs(d, nowUs)));
    out.car?.({ bay: names[at]!, lot: bays[at]!.lot, atUs: nowUs, present });
    tellSensor({ kind: 'car', present });
  };

  const keep = (key: number): void => {
    at = Math.floor(key / slotsPerRow);
    const slot = key % slotsPerRow;
    if (slot === slots.mac) macWake(macOf());
    else if (slot === slots.air) endTransmission();
    else if (slot === slots.car) moveCar();
    else if (slot === slots.boot) boot({ kind: 'boot', cause: 'power-on' }, minds.of(at).session !== undefined);
    else tellSensor({ kind: 'wake', slot: slot - slots.sensor });
    settle();
  };

  /** What a step leaves to be done: a restart that the sensor asked for, and the next frame. */
  const settle = (): void => {
    do {
      if (restart) {
        const again = restart;
        restart = undefined;
        due.clear(at * slotsPerRow + slots.mac);
        boot(again, !otaa);
      }
      if (minds.awake(at) && mac.at(at).phase === phase.idle) macKick(macOf());
    } while (restart);
    const mind = minds.awake(at);
    if (!mind) return;
    const { queue, session } = mind;
    for (fresh = Math.min(fresh, queue.length); fresh > 0; fresh--) note(session ? 'waits-turn' : 'not-joined');
    minds.rest(at, mac.at(at), nowUs);
  };

  /** A downlink begins: who listens all the time may lock on to it. */
  const beginDownlink = (flight: Flight): void => {
    for (const row of classC) {
      at = row;
      const window = rxcWindow(macOf());
      const mind = minds.of(row);
      if (!window) continue;
      const how = { ...window, openUs: nowUs, covered: taken[row] === 1, busy: mind.rxc !== undefined };
      const lock = downlinks.tuneTo(flight, row, how);
      if (lock) mind.rxc = lock;
    }
  };

  const endDownlink = (flight: Flight): void => {
    for (const row of classC) {
      const lock = minds.of(row).rxc;
      if (lock?.flight !== flight) continue;
      at = row;
      macRxc(macOf(), macPort.finish(lock));
      settle();
    }
    out.downlink?.(downlinkFate(flight, names));
  };

  for (at = 0; at < rows; at++) {
    // Nobody parks over a device that somebody gives orders to.
    const car = setup.report ? undefined : world.firstCar(dice.world.at(at), nowUs);
    taken[at] = car?.taken ? 1 : 0;
    if (car) wake(slots.car, nowUs + car.untilNextUs);
    wake(slots.boot, nowUs + 1 + Math.floor(dice.mac.at(at).next() * plan.bootSpreadMs * usPerMs));
    usualSettings(mac.at(at), behaviourOf[at]!.mac, region);
    const saved = setup.state?.[names[at]!];
    if (saved) loadDevice({ row: mac.at(at), mind: minds.of(at) }, saved, region);
    mac.at(at).phase = phase.off;
  }

  const moveTo = (untilUs: Us): void => {
    if (later) {
      const endUs = Math.max(nowUs, untilUs);
      keepBlocks(due, untilUs, (key, us) => {
        nowUs = us;
        keep(key);
      });
      nowUs = endUs;
      return later.advance(endUs);
    }
    for (;;) {
      // Devices come first: what ends at this instant has been received by then.
      const downUs = downlinks.nextUs;
      if (Math.min(due.nextUs, downUs) > untilUs) break;
      if (due.nextUs <= downUs) {
        nowUs = due.nextUs;
        keep(due.pop());
        continue;
      }
      nowUs = downUs;
      const turn = downlinks.turn();
      if ('begins' in turn) beginDownlink(turn.begins);
      else endDownlink(turn.ends);
    }
    nowUs = Math.max(nowUs, untilUs);
  };

  const offer = (tx: TxFrame): TxVerdict => fleet.offer(tx, nowUs);
  return {
    offer,
    get nowUs() {
      return nowUs;
    },
    get nextUs() {
      return Math.min(due.nextUs, downlinks.nextUs, later?.nextUs ?? Infinity);
    },
    get mustSave() {
      return mustSave;
    },
    advance(untilUs, inputs, to) {
      out = to;
      for (const input of inputs) {
        moveTo(Math.min(untilUs, Math.max(nowUs, input.atUs)));
        offer(input.tx);
      }
      moveTo(untilUs);
    },
    figures: endings.figures,
    lanes: endings.lanes,
    digest: () => digestOf(endings.lanes()),
    state(how) {
      if (!how.clean) {
        used.fill(0);
        mustSave = false;
      }
      return Object.fromEntries(names.map((name, row) => [name, saveDevice(mac.at(row), minds.of(row), how)]));
    },
    order(bay, give) {
      at = Math.max(0, rowOf(bay));
      const given = give(macOf());
      settle();
      return given;
    },
    restart(bay, { keepSession }) {
      at = Math.max(0, rowOf(bay));
      due.clear(at * slotsPerRow + slots.mac);
      boot({ kind: 'boot', cause: 'power-on' }, keepSession);
      settle();
    },
    taken: (bay) => taken[rowOf(bay)] === 1,
  };
};
