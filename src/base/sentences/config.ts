/** Configuration, device lists and scenarios. */
export const config = {
  'config-watch-token': {
    text: 'whoever can reach {host} could read how this gateway stands',
    hint: 'Give watch.token, or listen on 127.0.0.1.',
  },
  'file-too-large': { text: 'the file is larger than {most} bytes' },
  'yaml-invalid': { text: 'this is not YAML: {why}' },
  'config-invalid': { text: '{why}' },
  'option-unknown': { text: 'there is no option {option} here', hint: 'stellwerk config docs lists them all.' },
  'option-slip': { text: 'there is no option {option} here; did you mean {near}?' },
  'option-missing': { text: '{option} is missing; expected is {expected}' },
  'option-wrong': { text: '{have} stands here, expected is {expected}' },
  'option-twice': {
    text: '{option} stands here a second time; the first is in line {line}',
    hint: 'Keep one of the two: nobody can tell which one was meant.',
  },
  'config-unknown-model': {
    text: 'no sensor model is called {id}',
    hint: 'Nearest: {near}. stellwerk ls models shows all.',
  },
  'config-one-activation': {
    text: 'a device has either otaa or abp',
    hint: 'Give otaa with its appKey for a device that joins, abp with devAddr, nwkSKey and appSKey for one that does not.',
  },
  'config-device-twice': { text: 'the {field} {value} is there twice; first in {other}' },
  'config-options': { text: 'the model {model} has no options' },
  'config-mounting': {
    text: 'a threshold of {thresholdMm} mm with a hysteresis of {hysteresisMm} mm does not fit between the ground and a sensor at {heightMm} mm',
    hint: 'heightMm is the distance to the empty ground; thresholdMm the least height of a car, and half the hysteresis has room on both sides of it.',
  },
  'config-privacy-secret': {
    text: 'pseudonyms need a secret: without one everybody could work out whose they are',
    hint: 'Add secret: env:NAME or file:PATH with 16 random characters or more, or say tags: off.',
  },
  'config-privacy-short': {
    text: 'the secret of the pseudonyms has {have} characters, at least 16 are needed',
    hint: 'openssl rand -hex 16 makes one.',
  },
  'config-simulated-key': {
    text: 'the {what} of {devEui} was made for a simulation: everybody can know it',
    hint: 'Use the key of the real device; or say simulation: true when this gateway serves a simulation.',
  },
  'config-reference': {
    text: '{what} refers to {reference}, which cannot be read: {why}',
    hint: 'env:NAME reads an environment variable, file:PATH the first line of a file.',
  },
  'config-environment': {
    text: '{variable} names no option: {why}',
    hint: 'STELLWERK_SINKS_0_URL sets sinks.0.url; stellwerk config docs lists the options.',
  },
  'span-invalid': { text: '"{value}" is no duration', hint: 'Write a number and a unit: 500ms, 30s, 5m, 2h, 1d.' },
  'time-invalid': { text: '"{value}" is no instant', hint: 'Write it with its zone: 2026-06-01T07:30:00+02:00.' },
  'zone-invalid': { text: '"{value}" is no time zone', hint: 'Write an IANA name such as Europe/Berlin.' },
} as const;
