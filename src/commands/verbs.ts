import type { Verb } from './verb.js';

/** A verb as the static help knows it; its file is loaded only when it is called. */
export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly default: Verb }>;
}

export const verbs: readonly VerbEntry[] = [
  { name: 'demo', summary: 'a simulated street, its gateway and a broker, live', load: () => import('./demo.js') },
  { name: 'gateway', summary: 'frames in, parking events out', load: () => import('./gateway.js') },
  {
    name: 'status',
    summary: 'how a running gateway stands',
    load: () => import('./status.js'),
  },
  {
    name: 'commission',
    summary: 'park on one bay after the other: does its own sensor answer',
    load: () => import('./commission.js'),
  },
  {
    name: 'downlink',
    summary: 'a command to a sensor, through a running gateway',
    load: () => import('./downlink.js'),
  },
  { name: 'why', summary: "why did nothing arrive: the lives of a sensor's frames", load: () => import('./why.js') },
  {
    name: 'simulate',
    summary: 'play a scenario to a server, a file or in memory',
    load: () => import('./simulate.js'),
  },
  {
    name: 'scenario',
    summary: 'scenario files: begin one, check it, look at it',
    load: () => import('./scenario.js'),
  },
  {
    name: 'score',
    summary: "how well somebody's view of the bays fits the truth of a simulation",
    load: () => import('./score.js'),
  },
  { name: 'decode', summary: 'explain a frame or a payload, layer by layer', load: () => import('./decode.js') },
  { name: 'encode', summary: 'the payload of a message', load: () => import('./encode.js') },
  { name: 'ports', summary: 'serial ports, and what is probably on them', load: () => import('./ports.js') },
  {
    name: 'doctor',
    summary: 'why a serial port does not work, and what helps',
    load: () => import('./doctor.js'),
  },
  {
    name: 'board',
    summary: 'a board on a serial port: identify, send, watch, console, rescue',
    load: () => import('./board.js'),
  },
  { name: 'virtual', summary: 'play a board on a port that any program can open', load: () => import('./virtual.js') },
  {
    name: 'ls',
    summary: 'what there is: models, boards, scenarios, sources, sinks, backends',
    load: () => import('./ls.js'),
  },
  {
    name: 'devices',
    summary: 'register sensors: add, list, import, export, QR codes',
    load: () => import('./devices.js'),
  },
  { name: 'new', summary: 'begin a sensor of your own', load: () => import('./new.js') },
  { name: 'config', summary: 'check a configuration; its schema and its tables', load: () => import('./config.js') },
];
