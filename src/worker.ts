// A thread of a simulation: plays the part that it is given, says how it ended, and is over.
import { parentPort, workerData } from 'node:worker_threads';
import { partMessage, type PartSetup } from './city/part.js';

parentPort!.postMessage(await partMessage(workerData as PartSetup));
