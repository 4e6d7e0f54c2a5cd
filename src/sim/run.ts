import { agenda } from '../base/agenda.js';
import { runningDigest, sha256, type RunningDigest } from '../base/digest.js';
import { diceKey, draw, type Dice } from '../base/dice.js';
import { must } from '../base/problem.js';
import { usPerMs, type Us } from '../base/time.js';
import { aesKey } from '../lorawan/aes.js';
import { frameId } from '../lorawan/frame.js';
import { dataRateText, type TxFrame, type TxVerdict } from '../lorawan/radio.js';
import { air, type Transmission } from './air.js';
import { chargeLeft } from './battery.js';
import type { SensorBehaviour, SensorInput, SensorPort } from './behaviour.js';
import { table, type Row, type ColumnSpec, type Table } from './columns.js';
import { concentrator } from './concentrator.js';
import { loadDevice, saveDevice } from './fleet-state.js';
import { identity } from './identity.js';
import { macColumns, macSession, phase, type MacMind } from './mac-state.js';
import { macKick, macReset, macWake, type MacPort } from './mac.js';
import { rowDice } from './row-dice.js';
import type { Run, RunOut, RunSetup } from './run-types.js';
import { world as makeWorld } from './world.js';

// Appointments of one row, in the order in which they are kept when they fall together.
// A frame leaves the air before its sender's MAC moves on.
const slots = { air: 0, mac: 1, car: 2, boot: 3, sensor: 4 } as const;
const slotsPerRow = 8;
const mostWaiting = 16;

/** A simulation, standing at its plan's start. Bays are rows in the order of their names. */
export const startRun = (setup: RunSetup): Run => {
  const { plan, seed, region } = setup;
  const bays = [...plan.bays].sort((a, b) => (a.id < b.id ? -1 : 1));
  const names = bays.map((bay) => bay.id);
  const rows = bays.length;
  const rowOf = new Map(names.map((name, row) => [name, row]));
  const world = makeWorld(plan.demand);
  const worldDice = rowDice(seed, 'world', names);
  const sensorDice = rowDice(seed, 'sensor', names);
  const macDice = rowDice(seed, 'mac', names);
  const batteryDice = rowDice(seed, 'battery', names);
  const batteryDraw = Float64Array.from(names, (_, row) => batteryDice.at(row).next());
  const nonceKeys = names.map((name) => diceKey(seed, `nonce:${name}`));
  const concentrators = new Map(plan.gateways.map((g) => [g.eui, concentrator(g.eui, plan.air.ideal)]));
  const ether = air({
    seed,
    plan: plan.air,
    bays,
    gateways: plan.gateways,
    concentrators: [...concentrators.values()],
  });
  const due = agenda(rows * slotsPerRow);
  const taken = new Uint8Array(rows);
  const sending: (Transmission | undefined)[] = new Array<undefined>(rows).fill(undefined);
  const mac = table(macColumns, rows);
  const behaviourOf = bays.map((bay) => setup.behaviours.get(bay.sensor)!);
  const tables = new Map<SensorBehaviour, Table<ColumnSpec>>(
    [...new Set(behaviourOf)].map((behaviour) => [behaviour, table(behaviour.columns, rows)]),
  );
  const minds: MacMind[] = bays.map((bay, row) => {
    const who = identity(seed, bay.id);
    const { devAddr, nwkSKey, appSKey } = who.abp;
    return {
      bay: bay.id,
      identity: who,
      appKey: aesKey(who.appKey),
      profile: behaviourOf[row]!.mac,
      session: setup.activation === 'abp' ? macSession(devAddr, nwkSKey, appSKey) : undefined,
      extraHz: [],
      queue: [],
      frame: undefined,
      incoming: undefined,
      bandFreeUs: new Float64Array(region.subBands.length),
    };
  });
  const lanes = new Map<string, RunningDigest>(
    [...new Set(bays.map((b) => b.lot))].sort().map((lot) => [lot, runningDigest()]),
  );

  let nowUs = plan.startUs;
  let at = 0;
  let out: RunOut = {};
  let restart: (SensorInput & { kind: 'boot' }) | undefined;

  const wake = (slot: number, us: Us): void => due.set(at * slotsPerRow + slot, us);
  const macOf = (): { row: Row<typeof macColumns>; mind: MacMind; port: MacPort } => ({
    row: mac.at(at),
    mind: minds[at]!,
    port: macPort,
  });

  const macPort: MacPort = {
    get nowUs() {
      return nowUs;
    },
    get dice(): Dice {
      return macDice.at(at);
    },
    region,
    nonce: (count) => draw(nonceKeys[at]!.hi, nonceKeys[at]!.lo, count),
    wake: (us) => wake(slots.mac, us),
    transmit(frame) {
      const tx: Transmission = {
        ...frame,
        row: at,
        startUs: nowUs,
        eirpDbm: minds[at]!.profile.eirpDbm,
        covered: taken[at] === 1,
        number: mac.at(at).frames,
      };
      sending[at] = tx;
      ether.begin(tx);
      wake(slots.air, frame.endUs);
    },
    listen(freqHz, dataRate) {
      const heard = ether.downlink(at, { openUs: nowUs, freqHz, dataRate, covered: taken[at] === 1 });
      if (heard) out.delivered?.({ bay: names[at]!, atUs: nowUs });
      return heard;
    },
    tell: (input) => tellSensor(input),
  };

  const sensorPort: SensorPort = {
    get nowUs() {
      return nowUs;
    },
    get dice(): Dice {
      return sensorDice.at(at);
    },
    get temperatureC() {
      return world.temperatureC(nowUs);
    },
    get charge() {
      return chargeLeft(batteryDraw[at]!, { ms: (nowUs - plan.startUs) / usPerMs, frames: mac.at(at).frames });
    },
    get carPresent() {
      return taken[at] === 1;
    },
    send(message, options = {}) {
      const { fPort, bytes } = must(behaviourOf[at]!.model.encode(message));
      const { queue, profile } = minds[at]!;
      if (queue.length >= mostWaiting) queue.shift();
      const confirmed = options.confirmed ?? false;
      queue.push({ fPort, bytes, confirmed, tries: options.tries ?? (confirmed ? profile.confirmedTries : 1) });
    },
    wakeInMs: (slot, ms) => wake(slots.sensor + (slot & 3), nowUs + Math.max(1, Math.round(ms * usPerMs))),
    cancel: (slot) => due.clear(at * slotsPerRow + slots.sensor + (slot & 3)),
    reboot: (cause) => void (restart = { kind: 'boot', cause }),
  };

  const tellSensor = (input: SensorInput): void => {
    const behaviour = behaviourOf[at]!;
    behaviour.step(tables.get(behaviour)!.at(at), input, sensorPort);
  };

  /** A sensor's life begins: blank columns, no appointments, and the MAC starts over unless its session survived. */
  const boot = (input: SensorInput, keepSession: boolean): void => {
    for (let slot = 0; slot < 4; slot++) sensorPort.cancel(slot);
    tables.get(behaviourOf[at]!)!.clear(at);
    const { row, mind } = macOf();
    if (!keepSession) macReset({ row, mind, port: macPort });
    // A restart in the middle of a frame: the carrier is on until the frame's end all the same.
    const carrier = sending[at];
    row.phase = carrier ? phase.waiting : phase.idle;
    if (carrier) wake(slots.mac, carrier.endUs + 1);
    if (row.rx1DelayS === 0) Object.assign(row, { rx1DelayS: 1, rx2DataRate: region.rx2.dr });
    tellSensor(input);
    if (mind.session) tellSensor({ kind: 'joined' });
  };

  const endTransmission = (): void => {
    const tx = sending[at]!;
    sending[at] = undefined;
    const { heard, lost } = ether.end(tx);
    const bay = bays[at]!;
    lanes.get(bay.lot)!.add(`${bay.id} ${tx.startUs} ${tx.freqHz} ${dataRateText(tx.dataRate)} `);
    lanes.get(bay.lot)!.add(tx.phy);
    out.sent?.({
      id: frameId(tx.phy),
      bay: bay.id,
      lot: bay.lot,
      sensor: bay.sensor,
      kind: tx.phy[0] === 0 ? 'join' : 'data',
      startUs: tx.startUs,
      endUs: tx.endUs,
      freqHz: tx.freqHz,
      dataRate: tx.dataRate,
      phy: tx.phy,
      heardBy: heard.length,
      ...(lost && { lost }),
    });
    for (const rx of heard) out.heard?.(rx);
  };

  const moveCar = (): void => {
    const present = taken[at] === 0;
    taken[at] = present ? 1 : 0;
    const d = worldDice.at(at);
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
    else if (slot === slots.boot) boot({ kind: 'boot', cause: 'power-on' }, minds[at]!.session !== undefined);
    else tellSensor({ kind: 'wake', slot: slot - slots.sensor });
    if (restart) {
      const again = restart;
      restart = undefined;
      due.clear(at * slotsPerRow + slots.mac);
      boot(again, setup.activation === 'abp');
    }
    if (mac.at(at).phase === phase.idle) macKick(macOf());
  };

  for (at = 0; at < rows; at++) {
    const d = worldDice.at(at);
    taken[at] = world.takenAtStart(d, nowUs) ? 1 : 0;
    // A car that is there at the start has stood there for a while already.
    wake(slots.car, nowUs + (taken[at] === 1 ? Math.ceil(world.stayUs(d) * d.next()) : world.gapUs(d, nowUs)));
    wake(slots.boot, nowUs + 1 + Math.floor(macDice.at(at).next() * plan.bootSpreadMs * usPerMs));
    const saved = setup.state?.[names[at]!];
    if (saved) loadDevice(mac.at(at), minds[at]!, saved);
    mac.at(at).phase = phase.off;
  }

  const moveTo = (untilUs: Us): void => {
    while (due.nextUs <= untilUs) {
      nowUs = due.nextUs;
      keep(due.pop());
    }
    nowUs = Math.max(nowUs, untilUs);
  };

  const offer = (tx: TxFrame): TxVerdict => concentrators.get(tx.gateway)?.offer(tx, nowUs) ?? 'unknown';

  return {
    offer,
    get nowUs() {
      return nowUs;
    },
    get nextUs() {
      return due.nextUs;
    },
    advance(untilUs, inputs, to) {
      out = to;
      for (const input of inputs) {
        moveTo(Math.min(untilUs, Math.max(nowUs, input.atUs)));
        offer(input.tx);
      }
      moveTo(untilUs);
    },
    digest: () => sha256([...lanes].map(([lot, lane]) => `${lot} ${lane.value()}\n`).join('')),
    state: () => Object.fromEntries(names.map((name, row) => [name, saveDevice(mac.at(row), minds[row]!)])),
    taken: (bay) => taken[rowOf.get(bay) ?? -1] === 1,
  };
};
