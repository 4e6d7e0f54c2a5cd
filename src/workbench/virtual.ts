import { dice } from '../base/dice.js';
import { sha256 } from '../base/digest.js';
import type { Log } from '../base/log.js';
import { fail, must, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { OpenBackend } from '../backends/define.js';
import type { Catalogue } from '../catalogue.js';
import type { Clock } from '../io/clock.js';
import { drive, type Opener } from '../io/drive.js';
import { aesKey } from '../lorawan/aes.js';
import { eu868 } from '../lorawan/regions/eu868.js';
import type { RxFrame, TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Device } from '../network/device.js';
import { registry } from '../network/registry.js';
import { usualNetwork } from '../network/settings.js';
import { virtualBoard, type DownlinkOrder } from '../sim/board.js';
import { factoryIdentity, startModem, type SavedModem } from '../sim/modem.js';
import { benchGateway } from '../sim/modem-plan.js';
import type { ModemEvent, ModemIdentity } from '../sim/modem-types.js';
import { faulty, type TwinFault } from '../sim/twin-faults.js';
import type { Flash, TwinEvent, VirtualConsole } from '../sim/twin.js';

/** What a virtual board keeps between runs; it holds keys. */
export interface SavedBoard {
  readonly modem: SavedModem;
  readonly flash: Flash;
}

export interface VirtualSetup {
  readonly twin: VirtualConsole;
  /** Id in devices/boards. */
  readonly board: string;
  /** Other dice, other keys. */
  readonly seed: string;
  /** Offers the far end of a cable. */
  readonly offer: Opener;
  /** `none`, `loopback`, or what a backend of the catalogue accepts, such as `udp://host:port`. */
  readonly to: string;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly log: Log;
  readonly fault?: TwinFault;
  readonly saved?: SavedBoard;
  /** Called when there is something to keep; one call after another. */
  save?(saved: SavedBoard): Promise<void>;
  /** What happens on the board, for whoever watches. */
  event?(event: TwinEvent | ModemEvent): void;
  /** A frame that the gateway beside it hears. */
  heard?(rx: RxFrame): void;
}

export interface OpenVirtual {
  /** What a program opens as its port. */
  readonly address: string;
  readonly identity: ModemIdentity;
  readonly gateway: string | undefined;
  /** Where its frames go. */
  readonly network: string;
  readonly ended: Promise<Problem | undefined>;
  close(): Promise<void>;
}

/** The device of a board as the embedded network knows it: with the keys that the board was made with. */
const deviceOf = async (setup: VirtualSetup, identity: ModemIdentity): Promise<Device> => {
  const model = must(await setup.catalogue.load('sensors', 'generic-cayenne'));
  const { devEui, joinEui, appKey } = identity;
  return {
    devEui,
    name: setup.board,
    bay: setup.board,
    lot: 'workshop',
    lorawan: setup.twin.profile.lorawan,
    activation: { kind: 'otaa', joinEui, appKey: aesKey(appKey) },
    model,
    options: model.defaults,
  };
};

const kindOf = async ({ catalogue, to }: VirtualSetup) => {
  const kinds = await Promise.all(
    (await catalogue.ids('backends')).map(async (id) => must(await catalogue.load('backends', id))),
  );
  const kind = kinds.find((one) => one.accepts(to));
  const known = ['none', ...kinds.filter(({ answers }) => answers).map(({ form }) => form)].join(', ');
  return kind?.answers ? ok(kind) : fail('unknown-target', { to, known });
};

/** Plays a board on a port that any program can open; its radio reaches the network of `to` through a gateway of ours. */
export const openVirtual = async (setup: VirtualSetup): Promise<Result<OpenVirtual>> => {
  const { twin, board, seed, clock, log, to, saved } = setup;
  const alone = to === 'none';
  const kind = alone ? undefined : await kindOf(setup);
  if (kind && !kind.ok) return kind;
  const modem = startModem({
    seed,
    name: board,
    profile: twin.profile,
    startUs: clock.nowUs(),
    ...(alone && { gateways: [] }),
    ...(saved && { saved: saved.modem }),
  });
  const { identity } = modem;
  let flash: Flash = saved?.flash ?? {};
  let backend: OpenBackend | undefined;
  let inside = false;

  let saving: Promise<void> = Promise.resolve();
  const keep = (clean: boolean): Promise<void> => {
    const { save } = setup;
    if (!save) return saving;
    const what: SavedBoard = { modem: modem.save({ clean }) as SavedModem, flash };
    saving = saving.then(() => save(what));
    return saving;
  };

  const open = () =>
    twin.open({
      modem,
      board,
      dice: dice(seed, `twin ${board}`),
      serial: sha256(`serial ${seed} ${board}`).slice(0, 16),
      flash,
    });
  const console = setup.fault === undefined ? open() : faulty(open, setup.fault, dice(seed, `fault ${board}`));
  const whole = virtualBoard({
    console,
    modem,
    event: (event) => setup.event?.(event),
    air: {
      heard(rx) {
        setup.heard?.(rx);
        backend?.uplink(rx);
      },
      // Nonces and counters are used up: the next life must not use them again.
      sent: (frame) => void ((frame.kind === 'join' || modem.mustSave) && keep(false)),
    },
  });
  // Before anything is sent there is a save that leaps ahead: a kill at any moment loses no nonce.
  await keep(false);

  let opened!: (result: Result<string>) => void;
  const address = new Promise<Result<string>>((resolve) => (opened = resolve));
  let name: string | undefined;
  const cable = drive<TwinEvent, DownlinkOrder>({
    machine: {
      step(input, nowUs, out) {
        inside = true;
        try {
          whole.step(input, nowUs, out);
        } finally {
          inside = false;
        }
      },
    },
    clock,
    log,
    reconnect: false,
    async open(ears) {
      const link = await setup.offer(ears);
      opened(link.ok ? ok(link.value.address) : link);
      // A board that left the bus may come back under another name, as a real one does: whoever watches is told.
      if (link.ok && name !== undefined && name !== link.value.address)
        setup.event?.({ kind: 'note', text: `its port is ${link.value.address} now` });
      if (link.ok) name = link.value.address;
      return link;
    },
    event(event) {
      if (event.kind === 'flash') {
        flash = event.flash;
        void keep(false);
      }
      setup.event?.(event);
    },
  });
  const close = async (): Promise<void> => {
    await cable.close();
    await backend?.close();
    await keep(true);
  };

  const at = await address;
  if (!at.ok) {
    await cable.close();
    return at;
  }
  if (kind) {
    const found = await kind.value.open(to, {
      clock,
      log,
      gateways: [{ eui: benchGateway.eui, lat: benchGateway.lat, lon: benchGateway.lon, altM: benchGateway.heightM }],
      downlink(tx: TxFrame): TxVerdict {
        // The embedded network may answer within the very step in which it heard.
        if (inside) return modem.offer(tx);
        let said: TxVerdict = 'no-answer';
        cable.order({ tx, verdict: (verdict) => void (said = verdict) });
        return said;
      },
      network: {
        settings: { ...usualNetwork(eu868), simulated: true },
        devices: registry([await deviceOf(setup, factoryIdentity(seed, board))]),
        // The bench takes any payload: what it says is not its business.
        outcome: ({ result, why }) =>
          why === 'bad-payload' || why === 'unknown-port'
            ? log('frame', { result: 'accepted' })
            : log('frame', { result, ...(why && { why }) }),
        event: () => undefined,
      },
    });
    if ('problem' in found) {
      await close();
      return { ok: false, problem: found.problem };
    }
    backend = found;
  }
  return ok({
    address: at.value,
    identity,
    gateway: alone ? undefined : benchGateway.eui,
    network: backend?.address ?? 'none',
    ended: cable.ended,
    close,
  });
};
