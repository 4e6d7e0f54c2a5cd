import { ok } from '../../src/base/result.js';
import { must } from '../../src/base/problem.js';
import { usPerMs, usPerSecond, type Us } from '../../src/base/time.js';
import type { Message, SensorModel } from '../../src/codec/sensor.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { channelIndexOf, defaultPlan, rx1Of } from '../../src/lorawan/channel-plan.js';
import { micOk, openPayload, parseFrame, sealData, widenFCnt } from '../../src/lorawan/frame.js';
import { sealJoinAccept, type JoinAccept } from '../../src/lorawan/join.js';
import { sessionKeys10 } from '../../src/lorawan/keys.js';
import { readUplinkCommands, writeCommands } from '../../src/lorawan/mac-commands.js';
import type { RxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import { downlinkPowerDbm, dataRateOf, drOf, rx1DataRate } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { defineBehaviour, type SensorInput, type SensorPort } from '../../src/sim/behaviour.js';
import { identity } from '../../src/sim/identity.js';
import type { BayPlan } from '../../src/sim/plan.js';
import type { DeviceNote, DownlinkFate, SentFrame } from '../../src/sim/run-types.js';
import { startRun } from '../../src/sim/run.js';
import { smallPlan } from './harness.js';
import type { LabSetup, Reply, Server, Session, Uplink } from './lab-types.js';

export type * from './lab-types.js';

/** A model whose messages are bytes: what a test says is what the device sends. */
const rawModel = {
  id: 'raw',
  encode: (message: Message) => ok({ fPort: message['fPort'] as number, bytes: message['bytes'] as Uint8Array }),
} as unknown as SensorModel;

/** A message of `length` bytes for `port.send`. */
export const raw = (length = 3, fPort = 2): Message => ({ type: 'raw', fPort, bytes: new Uint8Array(length).fill(7) });

/** Raw sensors that a test drives, and a server that it drives as well: exact downlinks at exact times. */
export const lab = (setup: LabSetup) => {
  const { region = eu868, seed = 'lab', activation = 'otaa' } = setup;
  const bays =
    setup.places ??
    Array.from({ length: setup.bays ?? 1 }, (_, i): BayPlan => {
      const id = `b-${String(i + 1).padStart(2, '0')}`;
      return { id, lot: 'lab', lat: 48.5962, lon: 8.8703 + i * 0.0001, sensor: 'raw' };
    });
  const told: SensorInput[] = [];
  const behaviour = defineBehaviour({
    id: 'raw',
    model: rawModel,
    mac: {
      lorawan: '1.0.3',
      joinDataRates: [5, 4, 3, 2, 1, 0],
      dataRate: 5,
      confirmedTries: 4,
      eirpDbm: 16,
      ...setup.profile,
    },
    source: 'made for tests',
    columns: {},
    step(_row, input, port) {
      if (input.kind !== 'car') told.push(input);
      setup.sensor?.(port, input);
    },
  });
  const base = smallPlan(bays, { bootSpreadMs: 0 });
  const plan = {
    ...base,
    air: { ...base.air, carLossDb: 0, carLossDeviationDb: 0, ...setup.air },
    gateways: setup.gateways ?? base.gateways,
  };
  const run = startRun({
    plan,
    seed,
    behaviours: new Map([['raw', behaviour]]),
    region,
    activation,
    ...(setup.state && { state: setup.state }),
  });
  const who = bays.map(({ id }) => ({ bay: id, ...identity(seed, id) }));
  const memory = setup.memory ?? { joinNonce: 0, sessions: new Map<string, Session>() };
  const { sessions } = memory;
  if (activation === 'abp')
    for (const { bay, abp } of who) if (!sessions.has(bay)) sessions.set(bay, { ...abp, next: 0, fCntDown: 0 });
  const uplinks: Uplink[] = [];
  const joins: { readonly bay: string; readonly devNonce: number; readonly startUs: Us; readonly dr: number }[] = [];
  const sent: SentFrame[] = [];
  const fates: DownlinkFate[] = [];
  const notes: DeviceNote[] = [];
  const verdicts: TxVerdict[] = [];
  let id = 0;

  const seal = (bay: string, reply: Reply): Uint8Array => {
    const session = sessions.get(bay)!;
    const { commands = [], fPort, payload } = reply;
    const bytes = commands instanceof Uint8Array ? commands : writeCommands(commands);
    const alone = fPort === 0;
    return sealData({
      uplink: false,
      confirmed: reply.confirmed ?? false,
      ack: reply.ack ?? false,
      fPending: reply.fPending ?? false,
      devAddr: session.devAddr,
      fCnt: reply.fCnt ?? session.fCntDown++,
      nwkSKey: aesKey(session.nwkSKey),
      appSKey: aesKey(session.appSKey),
      ...(alone ? { fPort: 0, payload: bytes } : { fOpts: bytes }),
      ...(!alone && fPort !== undefined && { fPort, payload: payload ?? new Uint8Array(0) }),
    });
  };

  const offer = (phy: Uint8Array, rx: RxFrame, how: Reply & { join?: boolean }): TxVerdict => {
    const { window = 1, join = false } = how;
    const dr = drOf(region, rx.dataRate)!;
    const channel = channelIndexOf(defaultPlan(region), { freqHz: rx.freqHz, dataRate: dr });
    const rx1 =
      channel === undefined
        ? { freqHz: rx.freqHz, dataRate: rx1DataRate(region, dr, how.rx1DrOffset ?? 0) }
        : rx1Of(region, defaultPlan(region), { channel, dataRate: dr, rx1DrOffset: how.rx1DrOffset ?? 0 });
    const at = window === 1 ? rx1 : { freqHz: region.rx2.freqHz, dataRate: region.rx2.dr };
    const freqHz = how.freqHz ?? at.freqHz;
    const delayUs = (join ? 5 : 1) * usPerSecond + (window - 1) * usPerSecond;
    const verdict = run.offer({
      phy,
      gateway: rx.gateway,
      when: { kind: 'tmst', tmst: (rx.tmst! + (how.afterUs ?? delayUs)) % 0x1_0000_0000 },
      freqHz,
      dataRate: dataRateOf(region, how.dr ?? at.dataRate)!,
      codingRate: '4/5',
      powerDbm: how.powerDbm ?? downlinkPowerDbm(region, freqHz),
      invertPolarity: true,
      rfChain: 0,
      id: ++id,
    });
    verdicts.push(verdict);
    return verdict;
  };

  const server: Server = {
    run,
    reply(uplink, reply) {
      const rx = uplink.heard.find(({ gateway }) => gateway === (reply.gateway ?? uplink.rx.gateway))!;
      return offer(seal(uplink.bay, reply), rx, reply);
    },
    send(bay, reply) {
      const freqHz = reply.freqHz ?? region.rx2.freqHz;
      const verdict = run.offer({
        phy: seal(bay, reply),
        gateway: reply.gateway ?? plan.gateways[0]!.eui,
        when: reply.at ? { kind: 'tmst', tmst: reply.at.tmst } : { kind: 'now' },
        freqHz,
        dataRate: dataRateOf(region, reply.dr ?? region.rx2.dr)!,
        codingRate: '4/5',
        powerDbm: reply.powerDbm ?? downlinkPowerDbm(region, freqHz),
        invertPolarity: true,
        rfChain: 0,
        id: ++id,
      });
      verdicts.push(verdict);
      return verdict;
    },
    sessionOf: (bay) => sessions.get(bay)!,
  };

  const takeJoin = (rx: RxFrame, frame: SentFrame): void => {
    const parsed = must(parseFrame(rx.phy));
    if (parsed.kind !== 'join-request') throw new Error('no join request');
    const device = who.find((one) => one.devEui === parsed.devEui)!;
    const { devNonce } = parsed;
    joins.push({ bay: device.bay, devNonce, startUs: frame.startUs, dr: drOf(region, rx.dataRate)! });
    if (setup.accept === false) return;
    const appKey = aesKey(device.appKey);
    const accept: JoinAccept = {
      joinNonce: ++memory.joinNonce,
      netId: 0,
      devAddr: 0x0100_0000 + memory.joinNonce,
      optNeg: false,
      rx1DrOffset: 0,
      rx2DataRate: region.rx2.dr,
      rxDelayS: 1,
      ...setup.accept,
    };
    const keys = sessionKeys10({ appKey, joinNonce: accept.joinNonce, netId: accept.netId, devNonce });
    sessions.set(device.bay, { devAddr: accept.devAddr, ...keys, next: 0, fCntDown: 0 });
    offer(sealJoinAccept(accept, appKey), rx, { join: true });
  };

  const takeData = (copies: readonly RxFrame[], frame: SentFrame): void => {
    const rx = copies[0]!;
    const parsed = must(parseFrame(rx.phy));
    if (parsed.kind !== 'data') throw new Error('no data frame');
    const session = sessions.get(frame.bay);
    if (session?.devAddr !== parsed.devAddr) throw new Error(`${frame.bay} talks in a session that is not open`);
    const fCnt = widenFCnt(session.next, parsed.fCnt16);
    if (!micOk(parsed, fCnt, aesKey(session.nwkSKey))) throw new Error('the MIC is wrong');
    session.next = Math.max(session.next, fCnt + 1);
    const payload = openPayload(parsed, fCnt, aesKey(parsed.fPort === 0 ? session.nwkSKey : session.appSKey));
    const read = readUplinkCommands(parsed.fPort === 0 ? payload : parsed.fOpts);
    if (read.problem) throw new Error('a device sent commands that nobody can read');
    const uplink: Uplink = {
      bay: frame.bay,
      frame: parsed,
      phy: Buffer.from(rx.phy).toString('hex'),
      fCnt,
      payload,
      commands: read.commands,
      dr: drOf(region, rx.dataRate)!,
      startUs: frame.startUs,
      endUs: frame.endUs,
      rx,
      heard: copies,
    };
    uplinks.push(uplink);
    setup.uplink?.(uplink, server);
  };

  /** Runs for `seconds`; the server answers within a tenth of a second. */
  const play = (seconds: number, stepMs = 100): void => {
    const untilUs = run.nowUs + seconds * usPerSecond;
    while (run.nowUs < untilUs) {
      const heard = new Map<SentFrame, RxFrame[]>();
      let last: SentFrame;
      const next = Math.max(run.nowUs + stepMs * usPerMs, Math.min(run.nextUs, untilUs));
      run.advance(Math.min(untilUs, next), [], {
        sent(frame) {
          sent.push(frame);
          last = frame;
          if (frame.heardBy > 0) heard.set(frame, []);
        },
        heard: (rx) => heard.get(last)!.push(rx),
        downlink: (fate) => fates.push(fate),
        device: (note) => notes.push(note),
      });
      for (const [frame, copies] of heard)
        if (frame.kind === 'join') takeJoin(copies[0]!, frame);
        else takeData(copies, frame);
    }
  };

  return { run, server, play, uplinks, joins, sent, fates, notes, verdicts, told, bays };
};

/** A sensor that sends a message of `length` bytes every `everyMs` from its join on. */
export const chatter =
  (everyMs: number, { length = 3, confirmed = false }: { length?: number; confirmed?: boolean } = {}) =>
  (port: SensorPort, input: SensorInput): void => {
    if (input.kind !== 'joined' && input.kind !== 'wake') return;
    port.wakeInMs(0, everyMs);
    port.send(raw(length), { confirmed });
  };
