import { must, StellwerkError } from '../base/problem.js';
import { toHex } from '../base/hex.js';
import type { Catalogue } from '../catalogue.js';
import { jsonList, type ListedDevice } from '../config/device-text.js';
import { writeAtomic } from '../io/disk.js';
import { devAddrText } from '../lorawan/ids.js';
import type { SensorBehaviour } from '../sim/behaviour.js';
import { identity } from '../sim/identity.js';
import { planOf, type Scenario } from '../sim/scenario.js';

/** Whose devices are wanted: the same scenario and seed have the same, whoever asks. */
export interface FleetSetup {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly catalogue: Catalogue;
  /** Fixed sessions in place of joins. */
  readonly uplinkOnly: boolean;
}

/** The devices of a scenario as a devices file of the gateway has them; holds their (simulated) keys. */
export const scenarioDevices = async (setup: FleetSetup): Promise<readonly ListedDevice[]> => {
  const { bays } = planOf(setup.scenario, setup.seed);
  const behaviours = new Map<string, SensorBehaviour>();
  for (const id of new Set(bays.map(({ sensor }) => sensor)))
    behaviours.set(id, must(await setup.catalogue.load('behaviours', id)));
  return bays.map(({ id, lot, sensor }) => {
    const { devEui, joinEui, appKey, abp } = identity(setup.seed, id);
    const activation = setup.uplinkOnly
      ? { abp: { devAddr: devAddrText(abp.devAddr), nwkSKey: toHex(abp.nwkSKey), appSKey: toHex(abp.appSKey) } }
      : { otaa: { joinEui, appKey: toHex(appKey) } };
    const { mac, mounting, options } = behaviours.get(sensor)!;
    return {
      devEui,
      bay: id,
      lot,
      model: sensor,
      lorawan: mac.lorawan,
      ...activation,
      ...(options && { options }),
      ...(mounting && { mounting }),
    };
  });
};

/**
 * Writes the devices of a scenario for somebody's network server: one JSON object per line in a JSON list, which is
 * YAML as well. Readable by its owner only. Returns how many there are.
 */
export const writeDevices = async (file: string, setup: FleetSetup): Promise<number> => {
  const devices = await scenarioDevices(setup);
  const written = await writeAtomic(file, jsonList(devices), { secret: true });
  if (!written.ok) throw new StellwerkError(written.problem);
  return devices.length;
};
