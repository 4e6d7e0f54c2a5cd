// Helpers for tests of programs that build on Stellwerk: virtual time, kept logs, dice, and a network in memory.
export { dice } from './base/dice.js';
export { hex, toHex } from './base/hex.js';
export { keptLog } from './base/log.js';
export { must } from './base/problem.js';
export { steppedClock } from './io/clock.js';
export { openBroker } from './io/broker.js';
export { buildCity, simulatedNetwork } from './city/city.js';
export {
  dumpFaults,
  exampleFaults,
  noiseFaults,
  personFaults,
  rangeFaults,
  roundTripFaults,
  sensorFaults,
} from './codec/laws.js';
export { ledger } from './city/ledger.js';
export { runLockstep } from './city/lockstep.js';
export { simulate } from './city/simulate.js';
export { city, type CarChange, type CityEnd, type CityOptions, type CityRun, type TestCity } from './city/typed.js';
export { simulatedKey } from './lorawan/keys.js';
export { wire, type Wire, type WireOptions } from './base/wire.js';
export { faulty, twinFaults } from './sim/twin-faults.js';
export { openVirtual, type OpenVirtual, type VirtualSetup } from './workbench/virtual.js';
