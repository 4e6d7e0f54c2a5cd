import { fromHex, toHex } from '../base/hex.js';
import { usPerMs, type Us } from '../base/time.js';
import { aesKey } from '../lorawan/aes.js';
import type { RxFrame } from '../lorawan/radio.js';
import { drOf, maxPayload, type Region } from '../lorawan/region.js';
import { eu868 } from '../lorawan/regions/eu868.js';
import { defineBehaviour, type MacProfile } from './behaviour.js';
import type { SavedDevice } from './fleet-state.js';
import { identity as identityOf } from './identity.js';
import { macKick } from './mac.js';
import type { Mac, MacReport } from './mac-port.js';
import { sendableUs } from './mac-send.js';
import { macSession, phase, type MacMind } from './mac-state.js';
import { modemSettings, type Mutable } from './modem-settings.js';
import type { Modem, ModemEvent, ModemIdentity, ModemRefusal } from './modem-types.js';
import { bay, modemPlan, type ModemPlace } from './modem-plan.js';
import { startRun } from './run.js';

export interface ModemSetup extends ModemPlace {
  /** Keys and dice follow from seed and name. */
  readonly seed: string;
  readonly profile: MacProfile;
  readonly region?: Region;
  /** Instead of the one that follows from seed and name. */
  readonly identity?: ModemIdentity;
  readonly saved?: SavedModem;
}

/** What a modem keeps when its power is cut; it holds keys. */
export interface SavedModem {
  readonly identity: Readonly<Record<keyof ModemIdentity, string>>;
  readonly device: SavedDevice;
}

/**
 * The device behind a board: a fleet of one, with the MAC of every simulated sensor, that joins and sends when it is told.
 * Its nonces never come twice: `save` after each join request, or load what it saved and it leaps ahead.
 */
export const startModem = (setup: ModemSetup): Modem => {
  const { seed, name } = setup;
  // Both change while it lives: this copy is its own.
  const region: Mutable<Region> = { ...(setup.region ?? eu868) };
  const profile: Mutable<MacProfile> = { ...setup.profile, adr: setup.profile.adr !== false };
  const deviceClass = profile.deviceClass ?? 'A';
  // A console may switch to class C at any time: the air must be ready for it.
  profile.deviceClass = 'C';
  let netId = 0;
  let lastHeard: Modem['lastHeard'];
  let publicNetwork = true;
  let known: ModemIdentity;
  /** Told between two steps and never within one: who hears it may give the next order at once. */
  const news: { readonly event: ModemEvent; readonly atUs: Us }[] = [];

  const say = (event: ModemEvent): void => void news.push({ event, atUs: run.nowUs });
  const report = (what: MacReport): void => {
    switch (what.kind) {
      case 'joined':
        netId = what.netId;
        return say(what);
      case 'join-failed':
        return say({ kind: 'join-failed', why: 'rx-timeout' });
      case 'heard':
        lastHeard = { rssiDbm: what.rssiDbm, snrDb: what.snrDb };
        return;
      case 'downlink': {
        const { fPort, bytes, window, heard, pending } = what;
        const { rssiDbm, snrDb } = heard;
        const dataRate = drOf(region, heard.dataRate) ?? 0;
        return say({ kind: 'downlink', fPort, bytes, window, rssiDbm, snrDb, dataRate, pending });
      }
      default:
        return say(what);
    }
  };
  const behaviour = defineBehaviour({
    id: 'modem',
    model: undefined as never,
    mac: profile,
    source: 'a console gives the orders',
    columns: {},
    step(_, input) {
      if (input.kind === 'delivered' || input.kind === 'link-checked' || input.kind === 'time') say(input);
    },
  });
  const run = startRun({
    plan: modemPlan(setup),
    seed: `${seed} ${name}`,
    behaviours: new Map([['modem', behaviour]]),
    region,
    activation: 'otaa',
    report,
    ...(setup.saved && { state: { [bay]: setup.saved.device } }),
  });
  const mac = <T>(give: (mac: Mac) => T): T => run.order(bay, give);
  const mindOf = (m: Mac): Mutable<MacMind> => m.mind as Mutable<MacMind>;

  const usual = identityOf(`${seed} ${name}`, bay);
  const saved = setup.saved && identityFrom(setup.saved.identity);
  known = saved ?? setup.identity ?? { ...usual, ...usual.abp };
  const wear = (who: ModemIdentity): void =>
    mac((m) => {
      known = who;
      const mind = mindOf(m);
      const { devEui, joinEui, appKey, devAddr, nwkSKey, appSKey } = who;
      mind.identity = { devEui, joinEui, appKey, abp: { devAddr, nwkSKey, appSKey } };
      mind.appKey = aesKey(appKey);
    });
  mac((m) => {
    mindOf(m).orders = { join: false, dutyCycle: true };
    profile.deviceClass = deviceClass;
  });
  wear(known);
  // It is switched on with the first instant.
  run.advance(setup.startUs + 1, [], {});

  const busyOf = ({ row, mind }: Mac): boolean =>
    (row.phase !== phase.idle && row.phase !== phase.off) || mind.queue.length > 0;
  const waitOf = (m: Mac, frame: Parameters<typeof sendableUs>[1]): ModemRefusal | undefined => {
    const ms = Math.ceil((sendableUs(m, frame) - m.port.nowUs) / usPerMs);
    return ms > 0 ? { kind: 'wait', ms } : undefined;
  };

  const settings = modemSettings({
    mac,
    profile,
    region,
    publicNetwork: (value) => (value === undefined ? publicNetwork : (publicNetwork = value)),
  });

  return {
    get nowUs() {
      return run.nowUs;
    },
    get nextUs() {
      return news.length > 0 ? run.nowUs : run.nextUs;
    },
    advance(untilUs, out) {
      const { heard, event, ...rest } = out;
      // Another sync word is another language: no public gateway hears it.
      const air = { ...rest, ...(heard && { heard: (rx: RxFrame) => publicNetwork && heard(rx) }) };
      const tell = (): void => {
        for (let one = news.shift(); one; one = news.shift()) event?.(one.event, one.atUs);
      };
      tell();
      for (let next = run.nextUs; next <= untilUs; next = run.nextUs) {
        run.advance(next, [], air);
        tell();
      }
      run.advance(untilUs, [], air);
    },
    offer: (tx) => run.offer(tx),
    get identity() {
      return known;
    },
    set identity(who) {
      wear(who);
    },
    settings,
    get joined() {
      return mac(({ mind }) => mind.session !== undefined);
    },
    get busy() {
      return mac(busyOf);
    },
    get devAddr() {
      return mac(({ mind }) => mind.session?.devAddr ?? (mind.otaa ? undefined : known.devAddr));
    },
    get netId() {
      return netId;
    },
    get fCntUp() {
      return mac(({ row, mind }) => (mind.session ? row.fCntUp : 0));
    },
    get fCntDown() {
      return mac(({ row, mind }) => (mind.session ? row.fCntDown : 0));
    },
    get lastHeard() {
      return lastHeard;
    },
    get mostBytes() {
      return mac(({ row }) => maxPayload(region, row.dataRate));
    },
    join(how = {}) {
      return mac((m) => {
        const mind = mindOf(m);
        if (busyOf(m)) return { kind: 'busy' };
        const { devAddr, nwkSKey, appSKey } = known;
        if (!mind.otaa) {
          const same = mind.session?.devAddr === devAddr && toHex(mind.session.nwkSKey) === toHex(nwkSKey);
          if (!same) Object.assign(m.row, { fCntUp: 0, fCntDown: 0 });
          mind.session = macSession(devAddr, nwkSKey, appSKey);
          return undefined;
        }
        profile.joinDataRates = [how.dataRate ?? setup.profile.joinDataRates[0] ?? 0];
        const wait = waitOf(m, { join: true, dr: profile.joinDataRates[0]!, phyBytes: 23 });
        if (wait) return wait;
        mind.session = undefined;
        mind.orders!.join = true;
        macKick(m);
        return undefined;
      });
    },
    send({ fPort, bytes, confirmed, tries }) {
      return mac((m) => {
        const { mind, row } = m;
        if (!mind.session) return { kind: 'not-joined' };
        if (busyOf(m)) return { kind: 'busy' };
        const most = maxPayload(region, row.dataRate);
        if (bytes.length > most) return { kind: 'too-long', most };
        const wait = waitOf(m, { join: false, dr: row.dataRate, phyBytes: 13 + bytes.length });
        if (wait) return wait;
        mind.queue.push({ fPort, bytes, confirmed, tries: tries ?? (confirmed ? profile.confirmedTries : 1) });
        macKick(m);
        return undefined;
      });
    },
    ask: (what) =>
      mac(({ row }) => {
        if (what === 'link-check') row.wantsLinkCheck = true;
        else row.wantsTime = true;
      }),
    restart: ({ keepSession = false } = {}) => run.restart(bay, { keepSession }),
    save({ clean }) {
      const { devEui, joinEui, appKey, devAddr, nwkSKey, appSKey } = known;
      const hexOf = { appKey: toHex(appKey), nwkSKey: toHex(nwkSKey), appSKey: toHex(appSKey) };
      const identity = { devEui, joinEui, devAddr: devAddr.toString(16).padStart(8, '0'), ...hexOf };
      return { identity, device: run.state({ clean })[bay]! };
    },
  };
};

const identityFrom = (saved: SavedModem['identity']): ModemIdentity | undefined => {
  const keys = [saved.appKey, saved.nwkSKey, saved.appSKey].map((key) => fromHex(key));
  const [appKey, nwkSKey, appSKey] = keys.map((key) => (key.ok && key.value.length === 16 ? key.value : undefined));
  const devAddr = parseInt(saved.devAddr, 16);
  if (!appKey || !nwkSKey || !appSKey || !Number.isInteger(devAddr)) return undefined;
  return { devEui: saved.devEui, joinEui: saved.joinEui, devAddr, appKey, nwkSKey, appSKey };
};
