import { ascii, decimal, letter, rawBytes, restText, zeroOne } from '../codec/ascii.js';
import { ageOf } from '../codec/age.js';
import { cayenne } from '../codec/cayenne.js';
import { defineSensor } from '../codec/define.js';
import { layout } from '../codec/layout.js';
import { withList } from '../codec/list.js';
import * as parts from '../codec/parts.js';
import { reshape } from '../codec/reshape.js';
import { tagged } from '../codec/tagged.js';
import { defineBoard, defineBridge } from '../console/board.js';
import { commandsOf, defineConsole } from '../console/dialect.js';
import * as params from '../console/params.js';
import { ask, awaitEvent, must as mustAnswer, pause } from '../console/script.js';
import { lithiumV, lowCharge } from '../sim/battery.js';
import { defineBehaviour } from '../sim/behaviour.js';
import { dualSensor, magnetometer, radarSensor, sampled } from '../sim/detection.js';
import { defineTwin, twinMachine } from '../sim/twin.js';
import { watch, watcherColumns } from '../sim/watcher.js';

/**
 * What a user's own catalogue file is made with. Such a file needs no import and no installation: its default export is a
 * function that is handed this object, `export default ({ defineSensor, layout, flag }) => defineSensor({ ... })`.
 */
export const toolkit = {
  ...{ defineSensor, layout, tagged, withList, reshape, cayenne, ageOf },
  ...{ ascii, decimal, letter, rawBytes, restText, zeroOne },
  ...parts,
  ...{ defineBehaviour, watch, watcherColumns, dualSensor, magnetometer, radarSensor, sampled, lithiumV, lowCharge },
  ...{ defineBoard, defineBridge, defineConsole, commandsOf, params, ask, awaitEvent, mustAnswer, pause },
  ...{ defineTwin, twinMachine },
} as const;
export type Toolkit = typeof toolkit;
