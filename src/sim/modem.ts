import { toHex } from '../base/hex.js';
import { hourMs, usPerMs, type Us } from '../base/time.js';
import { aesKey } from '../lorawan/aes.js';
import { drOf, type Region } from '../lorawan/region.js';
import { eu868 } from '../lorawan/regions/eu868.js';
import { defineBehaviour, type MacProfile } from './behaviour.js';
import { identity as identityOf } from './identity.js';
import { macKick } from './mac.js';
import { exhausted, mostPayload, pendingBytes, rateFor } from './mac-frame.js';
import { joinRate } from './mac-join.js';
import type { Mac, MacReport } from './mac-port.js';
import { overhead, sendableUs } from './mac-send.js';
import { forgetSettings, macSession, phase } from './mac-state.js';
import { counters, countersOf, identityFrom, identityText, type Counted, type SavedModem } from './modem-save.js';
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

export { isSavedModem, type SavedModem } from './modem-save.js';

/** MHDR, two EUIs, DevNonce, MIC. */
const joinBytes = 23;

/** The keys and names that a modem is made with: they follow from seed and name. */
export const factoryIdentity = (seed: string, name: string): ModemIdentity => {
  const { abp, ...otaa } = identityOf(`${seed} ${name}`, bay);
  return { ...otaa, ...abp };
};

/**
 * The device behind a board: a fleet of one, with the MAC of every simulated sensor, that joins and sends when it is told.
 *
 * No nonce and no counter of a key comes twice, however it ends: a modem that is loaded from a save which was not its end
 * leaps ahead by more than it can have used, as long as a save is made whenever `mustSave` says so. A save at the end
 * (`clean`) is exact.
 */
export const startModem = (setup: ModemSetup): Modem => {
  const { seed, name } = setup;
  // Both change while it lives: this copy is its own.
  const region: Mutable<Region> = { ...(setup.region ?? eu868) };
  const profile: Mutable<MacProfile> = { ...setup.profile, adr: setup.profile.adr !== false };
  const deviceClass = profile.deviceClass ?? 'A';
  // A console may switch to class C at any time: the air must be ready for it.
  profile.deviceClass = 'C';
  let netId = setup.saved?.netId ?? 0;
  let lastHeard: Modem['lastHeard'];
  const book = setup.saved ? countersOf(setup.saved) : counters();
  const wanted = { activation: setup.saved?.activation ?? 'otaa' };
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
        lastHeard = levelOf(what);
        return;
      case 'downlink': {
        const { fPort, bytes, window, heard, pending } = what;
        const dataRate = drOf(region, heard.dataRate) ?? 0;
        return say({ kind: 'downlink', fPort, bytes, window, ...levelOf(heard), dataRate, pending });
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

  /** As its console shows it; the MAC has what it last joined with. */
  let known = (setup.saved && identityFrom(setup.saved.identity)) ?? setup.identity ?? factoryIdentity(seed, name);
  const wear = ({ mind }: Mac): void => {
    const { devEui, joinEui, appKey, devAddr, nwkSKey, appSKey } = known;
    mind.identity = { devEui, joinEui, appKey, abp: { devAddr, nwkSKey, appSKey } };
    mind.appKey = aesKey(appKey);
    mind.otaa = wanted.activation === 'otaa';
  };
  mac((m) => {
    m.mind.orders = { join: false, dutyCycle: true, publicNetwork: true };
    profile.deviceClass = deviceClass;
    wear(m);
  });
  // It is switched on with the first instant.
  run.advance(setup.startUs + 1, [], {});

  const busyOf = ({ row, mind }: Mac): boolean =>
    (row.phase !== phase.idle && row.phase !== phase.off) || mind.queue.length > 0 || mind.orders!.join;
  const waitOf = (m: Mac, frame: Parameters<typeof sendableUs>[1]): ModemRefusal | undefined => {
    const ms = Math.ceil((sendableUs(m, frame) - m.port.nowUs) / usPerMs);
    // Not for ever: other settings may make room.
    return ms > 0 ? { kind: 'wait', ms: Math.min(ms, 24 * hourMs) } : undefined;
  };
  /** Writes down where a personalised session stands. */
  const bookOf = ({ row, mind: { session, otaa } }: Mac): typeof book => {
    const { fCntUp, fCntDown } = row;
    if (session && !otaa) book.note({ ...keysOf(session), fCntUp, fCntDown });
    return book;
  };
  /** Begins the session of the identity's own keys, unless it is the one that runs. */
  const personalise = (m: Mac): undefined => {
    const { row, mind } = m;
    const now = !mind.otaa && mind.session && keysOf(mind.session);
    const next = keysOf(known);
    if (now && Object.entries(next).every(([part, value]) => now[part as keyof typeof next] === value)) return;
    const { fCntUp, fCntDown } = bookOf(m).next(next);
    wear(m);
    forgetSettings(row, mind, region);
    mind.session = macSession(known.devAddr, known.nwkSKey, known.appSKey);
    Object.assign(row, { fCntUp, fCntDown });
    netId = 0;
  };

  const settings = modemSettings({ mac, profile, region, wanted });

  return {
    get nowUs() {
      return run.nowUs;
    },
    get nextUs() {
      return news.length > 0 ? run.nowUs : run.nextUs;
    },
    advance(untilUs, out) {
      const { event, ...air } = out;
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
      known = { ...who, devEui: who.devEui.toLowerCase(), joinEui: who.joinEui.toLowerCase() };
    },
    settings,
    get joined() {
      return mac(({ mind }) => mind.session !== undefined);
    },
    get busy() {
      return mac(busyOf);
    },
    get devAddr() {
      return mac(({ mind }) => mind.session?.devAddr ?? (wanted.activation === 'abp' ? known.devAddr : undefined));
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
      return mac(mostPayload);
    },
    join(how = {}) {
      return mac((m) => {
        const { row, mind } = m;
        if (busyOf(m)) return { kind: 'busy' };
        if (wanted.activation === 'abp') return personalise(m);
        profile.joinDataRates = how.dataRate === undefined ? setup.profile.joinDataRates : [how.dataRate];
        const dr = joinRate(region, profile.joinDataRates, row.joinTries);
        const wait = waitOf(m, { join: true, dr, phyBytes: joinBytes });
        if (wait) return wait;
        bookOf(m);
        wear(m);
        forgetSettings(row, mind, region);
        mind.session = undefined;
        mind.orders!.join = true;
        macKick(m);
        return undefined;
      });
    },
    send({ fPort, bytes, confirmed, tries }) {
      return mac((m) => {
        const { mind, row } = m;
        if (!mind.session || exhausted(row)) return { kind: 'not-joined' };
        if (busyOf(m)) return { kind: 'busy' };
        const most = mostPayload(m);
        if (bytes.length > most) return { kind: 'too-long', most };
        const dr = rateFor(m, bytes.length) ?? row.dataRate;
        const wait = waitOf(m, { join: false, dr, phyBytes: overhead + bytes.length + pendingBytes(m) });
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
    restart(how = {}) {
      const keepSession = mac((m) => {
        bookOf(m);
        return how.keepSession ?? !m.mind.otaa;
      });
      // What it would have told is lost with its memory.
      news.length = 0;
      lastHeard = undefined;
      if (!keepSession) netId = 0;
      run.restart(bay, { keepSession });
    },
    get mustSave() {
      return run.mustSave;
    },
    save({ clean }): SavedModem {
      const counted = mac((m) => bookOf(m).all());
      const activation = mac(({ mind }) => (mind.otaa ? 'otaa' : 'abp'));
      return { identity: identityText(known), device: run.state({ clean })[bay]!, activation, netId, counted };
    },
  };
};

/** As a console shows them: whole decibels, and tenths. */
const levelOf = (heard: { readonly rssiDbm: number; readonly snrDb: number }) => ({
  rssiDbm: Math.round(heard.rssiDbm),
  snrDb: Math.round(heard.snrDb * 10) / 10,
});

const keysOf = (who: Pick<ModemIdentity, 'devAddr' | 'nwkSKey' | 'appSKey'>): Omit<Counted, 'fCntUp' | 'fCntDown'> => ({
  devAddr: who.devAddr,
  nwkSKey: toHex(who.nwkSKey),
  appSKey: toHex(who.appSKey),
});
