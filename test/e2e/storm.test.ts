import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { havePeer } from '../peers/peer.js';
import { freePort, startMosquitto, type Mosquitto } from '../peers/mosquitto.js';
import { playStorm, type StormStory } from './storm.js';

// Everything that the street, its radio and its networks can throw at a gateway at once.

// Linux alone answers at every address of 127.0.0.0/8: the far ends need two.
const there = process.platform === 'linux' && havePeer('mosquitto') && havePeer('openssl');
let folder: string;
let broker: Mosquitto;
let strange: { url: string; ca: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stellwerk-storm-'));
  if (!there) return;
  for (const name of ['broker', 'authority'])
    spawnSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`],
      ],
      { cwd: folder },
    );
  const tlsPort = await freePort();
  broker = await startMosquitto({
    config: [
      ...[
        'allow_anonymous true',
        'max_queued_messages 0',
        'max_inflight_messages 0',
        'user root',
        `listener ${tlsPort} 127.0.0.1`,
      ],
      ...[`certfile ${join(folder, 'broker.pem')}`, `keyfile ${join(folder, 'broker.key')}`],
    ],
  });
  strange = { url: `mqtts://127.0.0.1:${tlsPort}`, ca: join(folder, 'authority.pem') };
});
afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const by = <T>(list: readonly T[], key: (one: T) => string): Record<string, T[]> => {
  const groups: Record<string, T[]> = {};
  for (const one of list) (groups[key(one)] ??= []).push(one);
  return groups;
};
const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

test.skipIf(!there)(
  'whatever comes beside them, good frames become the same events, and are acknowledged; what is bad is counted, and costs no disk and no memory',
  async () => {
    const play = (size: number): Promise<StormStory> => playStorm({ size, folder, broker: broker.url, strange });
    const quiet = await play(0);
    const storm = await play(1);
    const worse = await play(4);

    for (const story of [quiet, storm, worse]) {
      // The same events with the same ids, in the same order for each bay; each frame acknowledged in its turn.
      const told = by(story.events, ({ bay }) => bay);
      const plain = ({ id, kind, occupied }: StormStory['events'][number]) => ({ id, kind, occupied });
      for (const [bay, events] of Object.entries(by(quiet.events, ({ bay }) => bay)))
        expect(told[bay]?.map(plain)).toEqual(events.map(plain));
      expect(story.events).toHaveLength(quiet.events.length);
      expect([...story.acked].sort()).toEqual([...quiet.acked].sort());
      expect(story.acked.size).toBe(quiet.events.length);
      expect(story.counts).toMatchObject({ accepted: quiet.events.length, events: quiet.events.length });
      // The broker that cannot be reached has them all waiting, and the other one has them.
      expect(story.sinks).toMatchObject([
        { connected: false, delivered: 0, waiting: quiet.events.length, dropped: 0 },
        { connected: true, delivered: quiet.events.length, waiting: 0, dropped: 0, repeated: 0 },
      ]);
      expect(story.sinks[0]!.why).toMatch(/certificate/);
      expect(story.lines['broker_lost']).toBe(1);
    }

    for (const story of [storm, worse]) {
      const { counts, sent, figures, sinks } = story;
      // Each piece of bad input under its own name.
      const of = (...reasons: string[]) => Object.fromEntries(reasons.map((why) => [why, sent[why]]));
      expect(counts.rubbish).toEqual({
        ...of('datagram-short', 'datagram-version', 'datagram-type', 'wrong-direction', 'not-allowed'),
        ...of('datagram-json', 'datagram-shape', 'bad-rxpk', 'bad-stat', 'tx-ack-stray', 'address-changed', 'too-fast'),
      });
      // A replay of a sensor's last frame is taken for its own repetition; of all others it is a replay.
      const { replay = 0, retransmission = 0, ...refused } = counts.refused;
      expect(replay + retransmission).toBe(sent['replay']);
      expect(replay).toBeGreaterThan(retransmission);
      expect(counts.copies).toBe(sent['copy']);
      // Ten joins of the mad one, and the good one's.
      expect(counts.joined).toBe(11);
      expect(refused).toEqual({
        ...of('frame-too-short', 'frame-bad-length', 'unsupported-major', 'unsupported-type', 'not-lorawan', 'crc-bad'),
        ...of('unknown-dev-addr', 'counter-jump', 'unknown-device', 'mic-mismatch', 'dev-nonce-used'),
        ...of('join-eui-mismatch', 'unknown-port', 'bad-payload'),
        'join-flood': sent['mad-join']! - 10,
      });
      expect(counts.hearings).toBe(counts.accepted + counts.joined + total(counts.refused) + counts.copies);
      expect(sinks[1]!.commands).toEqual({ taken: sent['command-taken'], refused: sent['command-refused'] });
      expect(counts.commands).toEqual({ queued: 32, 'queue-full': sent['command-taken']! - 32 });
      expect(figures.get('stellwerk_clock_steps_total')).toBe(sent['clock']);
      expect(figures.get(`stellwerk_sink_commands_total ${broker.url} 1 refused`)).toBe(sent['command-refused']);
      expect(figures.get('stellwerk_uplinks_refused_total mic-mismatch')).toBe(sent['mic-mismatch']);
      expect(figures.get('stellwerk_rubbish_total too-fast')).toBe(sent['too-fast']);
      expect(story.grownBytes).toBeLessThan(24e6);
    }

    // Four times the storm: of what is said at its 1st, 10th, 100th time one line more for each kind, else none.
    for (const [event, lines] of Object.entries(worse.lines)) {
      const before = storm.lines[event] ?? 0;
      expect(lines, event).toBeLessThanOrEqual(before + 12);
    }
    expect(total(worse.lines)).toBeLessThan(total(storm.lines) + 40);
    expect(total(worse.lines)).toBeLessThan(1_000);
    expect(total(worse.sent)).toBeGreaterThan(15_000);
  },
  60_000,
);
