// The public library: what a program that is not ours may build on.
export { describe, hintOf, sentenceOf, StellwerkError, UsageError, type Place, type Problem } from './base/problem.js';
export type { Result } from './base/result.js';
export { openCatalogue, type Catalogue, type Room } from './catalogue.js';
export type { Toolkit } from './catalogue/toolkit.js';
export { ageOf } from './codec/age.js';
export { ascii } from './codec/ascii.js';
export { cayenne } from './codec/cayenne.js';
export type { Codec, Field, FormatRow } from './codec/codec.js';
export { defineSensor } from './codec/define.js';
export { layout, reshape } from './codec/layout.js';
export { withList } from './codec/list.js';
export * as parts from './codec/parts.js';
export type { Context, Example, Message, Mounting, Reading, SensorModel } from './codec/sensor.js';
export { tagged } from './codec/tagged.js';
export { foreignSensor } from './codec/ts013.js';
export { openSandbox, type Sandbox } from './io/sandbox.js';
export { climb, ladder, ladderWakeUs, type Batch, type LadderSettings, type LadderState } from './ladder/ladder.js';
export { downlinkLosses, refusals, type DownlinkOutcome, type Outcome, type Refusal } from './ladder/outcome.js';
export { aesKey, type AesKey } from './lorawan/aes.js';
export { airtimeUs } from './lorawan/airtime.js';
export { readDownlinkCommands, readUplinkCommands, writeCommands } from './lorawan/mac-commands.js';
export type { DownlinkCommand, MacCommand, UplinkCommand } from './lorawan/mac-command.js';
export { dutyBudget, type DutyBudget } from './lorawan/duty-budget.js';
export { frameId, micOk, openPayload, parseFrame, sealData, type Frame } from './lorawan/frame.js';
export { openJoinAccept, sealJoinAccept, sealJoinRequest } from './lorawan/join.js';
export { parseKey, sessionKeys10 } from './lorawan/keys.js';
export type { RxFrame, TxFrame } from './lorawan/radio.js';
export { eu868 } from './lorawan/regions/eu868.js';
export { us915 } from './lorawan/regions/us915.js';
export type { Device } from './network/device.js';
export type { DownlinkEvent, DownlinkRequest } from './network/queue.js';
export { usualNetwork, type NetworkSettings } from './network/settings.js';
export { registry } from './network/registry.js';
export type { EventKind, ParkingEvent, QualityFlag } from './parking/event.js';
export { eventFromJson, eventJson, type EventJson } from './dialects/city/stellwerk-json.js';
export { openGateway, type GatewaySetup, type RunningGateway } from './gateway/gateway.js';
export { openJournal, type JournalOptions } from './gateway/journal.js';
export { memoryStore, type Store } from './gateway/store.js';
export { defineBackend } from './backends/define.js';
export { defineSink } from './sinks/define.js';
export { defineSource } from './sources/define.js';
export { defineBehaviour } from './sim/behaviour.js';
export { playThreads, type ThreadsEnd, type ThreadsSetup } from './city/threads.js';
export { startRun } from './sim/run.js';
export type { Run, RunSetup, SentFrame } from './sim/run-types.js';
export {
  order,
  type LineSettings,
  type LineSignals,
  type Machine,
  type MachineInput,
  type MachineOut,
} from './base/machine.js';
export { defineBoard, defineBridge, type Board, type Bridge } from './console/board.js';
export { detect, type Detected } from './console/detect.js';
export { commandsOf, defineConsole, type BoardIdentity, type BoardKeys, type Dialect } from './console/dialect.js';
export type { BoardEvent } from './console/events.js';
export type { Script } from './console/script.js';
export { talk } from './console/talk.js';
export type { TalkEvent, TalkOrder } from './console/talk-types.js';
export { drive, type Drive, type Opener } from './io/drive.js';
export type { Link, LinkEars } from './io/link.js';
export { offerLink } from './io/offer.js';
export { openLink } from './io/open-link.js';
export { defineTwin, twinMachine, type VirtualConsole } from './sim/twin.js';
export { openConsole, type OpenConsole } from './workbench/console.js';
export { openBoard, type MetBoard } from './workbench/meet.js';
