import { must, problem, StellwerkError } from '../base/problem.js';
import type { Us } from '../base/time.js';
import type { Catalogue } from '../catalogue.js';
import type { LadderSettings } from '../ladder/ladder.js';
import { aesKey } from '../lorawan/aes.js';
import { eu868 } from '../lorawan/regions/eu868.js';
import type { Device } from '../network/device.js';
import { usualNetwork } from '../network/settings.js';
import type { SensorBehaviour } from '../sim/behaviour.js';
import type { FleetState } from '../sim/fleet-state.js';
import { identity } from '../sim/identity.js';
import type { Plan } from '../sim/plan.js';
import { startRun } from '../sim/run.js';
import type { Run, RunSetup } from '../sim/run-types.js';
import { planOf, type Scenario } from '../sim/scenario.js';

/** A place with sensors in its bays, ready to live; and the same sensors as a network must know them. */
export interface City {
  readonly plan: Plan;
  readonly run: Run;
  readonly devices: readonly Device[];
  readonly settings: LadderSettings;
}

export interface CitySetup {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly catalogue: Catalogue;
  readonly activation: 'otaa' | 'abp';
  readonly state?: FleetState;
  /** Instead of the scenario's own start: for a city that meets the real time of somebody else's server. */
  readonly startUs?: Us;
}

/** The settings of the embedded network of a simulation. */
export const simulatedNetwork: LadderSettings = { ...usualNetwork(eu868), simulated: true };

/** The devices of a plan as a network must know them. */
const devicesOf = (
  plan: Plan,
  behaviours: ReadonlyMap<string, SensorBehaviour>,
  { seed, activation }: Pick<CitySetup, 'seed' | 'activation'>,
): readonly Device[] =>
  plan.bays.map((bay): Device => {
    const behaviour = behaviours.get(bay.sensor)!;
    const { devEui, joinEui, appKey, abp } = identity(seed, bay.id);
    return {
      devEui,
      name: bay.id,
      bay: bay.id,
      lot: bay.lot,
      lorawan: behaviour.mac.lorawan,
      activation: activation === 'abp' ? { kind: 'abp', ...abp } : { kind: 'otaa', joinEui, appKey: aesKey(appKey) },
      model: behaviour.model,
      options: { ...behaviour.model.defaults, ...behaviour.options },
      ...(behaviour.mounting && { mounting: behaviour.mounting }),
      ...(behaviour.mac.deviceClass && { deviceClass: behaviour.mac.deviceClass }),
    };
  });

/** Everything that a run of a scenario needs; throws a StellwerkError when it names a sensor that nobody can play. */
export const runSetupOf = async (setup: CitySetup): Promise<RunSetup> => {
  const { scenario, seed, catalogue, activation, state } = setup;
  const wanted = planOf(scenario, seed);
  const plan: Plan = setup.startUs === undefined ? wanted : { ...wanted, startUs: setup.startUs };
  if (plan.bays.length === 0) throw new StellwerkError(problem('scenario-empty', { scenario: plan.id }));
  const behaviours = new Map<string, SensorBehaviour>();
  for (const id of new Set(plan.bays.map((bay) => bay.sensor)))
    behaviours.set(id, must(await catalogue.load('behaviours', id)));
  return { plan, seed, behaviours, region: simulatedNetwork.region, activation, ...(state && { state }) };
};

/** Builds a city; throws as `runSetupOf`. */
export const buildCity = async (setup: CitySetup): Promise<City> => {
  const wanted = await runSetupOf(setup);
  const { plan, behaviours } = wanted;
  // Ideal air has no law: it is for what comes after the air.
  const settings: LadderSettings = { ...simulatedNetwork, dutyCycle: plan.air.ideal ? 'ignore' : 'enforce' };
  let devices: readonly Device[] | undefined;
  return {
    plan,
    run: startRun(wanted),
    settings,
    // Keys of many devices that no network asks for would take longer than an hour of their lives.
    get devices() {
      return (devices ??= devicesOf(plan, behaviours, setup));
    },
  };
};
