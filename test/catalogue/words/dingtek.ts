import { defineWords, number, plainFacts, taken, type Fact } from './words.js';

export default defineWords({
  vendor: 'Dingtek',
  models: ['dingtek-do200', 'dingtek-do201', 'dingtek-do202'],
  modelOf: ({ model }) => `dingtek-${model.toLowerCase()}`,
  ignored: [],
  words: [
    [/^level$/, 'level', number],
    [/^volt$/, 'batteryV', number],
    [/^alarm(Park|Level|Magnet|Battery)$/, 'alarm$1', taken],
    [/^([xyz])Magnet$/, 'magnet $1', number],
    [/^temperature$/, 'temperatureC', number],
    [/^humidity$/, 'humidityPercent', number],
    [/^frame_?counter$/i, 'frameCounter', number],
    [/^firmware$/, 'firmware', String],
    [/^uploadInterval$/, 'uploadIntervalH', number],
    [/^ultraDetect(ion)?Interval$/, 'ultrasonicIntervalMin', number],
    [/^magDetectInterval$/, 'magnetIntervalS', number],
    [/^detectInterval$/, 'detectionIntervalMin', number],
    [/^levelThreshold$/, 'levelThreshold', number],
    [/^mag(net)?Threshold$/, 'magnetThresholdMilligauss', number],
    [/^batteryThreshold$/, 'batteryThresholdPercent', number],
  ],
  facts(message) {
    const facts = plainFacts(message);
    const also = (fact: string, value: unknown): void => {
      if (value !== undefined) facts[fact] = [value as Fact];
    };
    also('level', message['levelMm'] ?? message['levelRaw']);
    also('levelThreshold', message['levelThresholdCm'] ?? message['levelThresholdRaw']);
    for (const what of ['Park', 'Level', 'Magnet', 'Battery'])
      also(`alarm${what}`, message[`${what.toLowerCase()}Alarm`]);
    for (const axis of ['x', 'y', 'z']) also(`magnet ${axis}`, message[`magnet${axis.toUpperCase()}`]);
    return facts;
  },
});
