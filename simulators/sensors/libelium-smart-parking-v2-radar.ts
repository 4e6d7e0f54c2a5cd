import model from '../../devices/sensors/libelium-smart-parking-v2-radar.js';
import { hourMs } from '../../src/base/time.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import { sampled } from '../../src/sim/detection.js';
import { watch } from '../../src/sim/watcher.js';
import { keepAliveMs, keepAliveSlot, mac, nodeColumns, sampleMs, sendFrame, type Node } from './libelium/node.js';

const clockSlot = 2;
/** It asks again for a time that did not come (assumed). */
const askAgainMs = 6 * hourMs;
const detection = sampled(sampleMs, 0.01);
/** Nobody knows what stands in the other bytes: zeros are sent. */
const zeros = (bytes: number): string => '00'.repeat(bytes);

const send = (row: Node, port: SensorPort, type: string, fields: Readonly<Record<string, unknown>>): void =>
  sendFrame(row, port, { type, configAnswer: 'ack', recalibrated: false, ...fields });
const report = (row: Node, port: SensorPort, type: string): void =>
  send(row, port, type, { sensorError: 0, temperatureC: Math.round(port.temperatureC), data: zeros(7) });
const askForTime = (row: Node, port: SensorPort): void => {
  send(row, port, 'clockRequest', { data: zeros(9) });
  port.wakeInMs(clockSlot, askAgainMs);
};

/**
 * Libelium Smart Parking v2 with radar: two start frames and a clock request after each join, info on change, keep-alive
 * after two hours of silence; it tells when its clock has been set.
 */
export default defineBehaviour({
  id: 'libelium-smart-parking-v2-radar',
  model,
  mac,
  source:
    'Frame types as in ZennerIoT/element-parsers, clock request after the start; intervals of the magnetic sensor, unconfirmed frames and the rest assumed',
  columns: nodeColumns,
  step(row, input, port) {
    if (watch(row, input, { port, how: detection })) return report(row, port, 'info');
    switch (input.kind) {
      case 'joined':
        send(row, port, 'start1', { firmware: 1, data: zeros(8) });
        send(row, port, 'start2', { data: zeros(9) });
        askForTime(row, port);
        return port.wakeInMs(keepAliveSlot, port.dice.next() * keepAliveMs);
      case 'wake':
        if (input.slot === keepAliveSlot) return report(row, port, 'keepAlive');
        return input.slot === clockSlot ? askForTime(row, port) : undefined;
      case 'downlink': {
        const command = model.decodeCommand(input.fPort, input.bytes);
        if (!command.ok) return;
        // Where its frames tell the time is not public, so nothing shows what its clock says.
        port.cancel(clockSlot);
        return send(row, port, 'clockSync', { data: zeros(9) });
      }
      default:
        return;
    }
  },
});
