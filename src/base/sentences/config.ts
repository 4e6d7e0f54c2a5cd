/** Configuration, device lists and scenarios. */
export const config = {
  'file-too-large': { text: 'the file is larger than {most} bytes' },
  'yaml-invalid': { text: 'this is not YAML: {why}' },
  'config-invalid': { text: '{why}' },
  'config-unknown-key': { text: 'there is no option {key}', hint: 'stellwerk config docs lists them all.' },
  'config-broken': { text: '{count} things in {file} are wrong', hint: 'Each line above says where and what.' },
  'span-invalid': { text: '"{value}" is no duration', hint: 'Write a number and a unit: 500ms, 30s, 5m, 2h, 1d.' },
  'time-invalid': { text: '"{value}" is no instant', hint: 'Write it with its zone: 2026-06-01T07:30:00+02:00.' },
  'zone-invalid': { text: '"{value}" is no time zone', hint: 'Write an IANA name such as Europe/Berlin.' },
} as const;
