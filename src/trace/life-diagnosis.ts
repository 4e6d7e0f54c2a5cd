import { problem, type Problem } from '../base/problem.js';
import { isoFromUs, minuteMs, spanText, usPerMs, type Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import type { Fact } from './life-facts.js';
import { only } from './life-verdict.js';
import type { Life } from './life.js';
import { afterArrival, gatewaysAround, last } from './life-findings.js';
import { mostOf, tally } from './life-tally.js';

/** What is known of one device. */
export interface Case {
  /** What people call it. */
  readonly who: string;
  /** Its lives, in the order of time. */
  readonly lives: readonly Life[];
  /** What happened around the frames. */
  readonly around: readonly Fact[];
  /** The present, or the end of the log; absent when neither is known. */
  readonly nowUs?: Us;
  /** How often it speaks at least, where that is known; else its own pauses say it. */
  readonly everyUs?: Us;
  /** The records are of one side of the air: no server says in them what it made of anything. */
  readonly withoutServer?: boolean;
  /** DevAddrs of strangers that were heard. */
  readonly strangers?: readonly { readonly devAddr: string; readonly frames: number }[];
}

/** What is the matter with a device: the main thing first, then what else a person should know. */
export interface Diagnosis {
  readonly finding: Problem;
  /** Nothing has to be done. */
  readonly well: boolean;
  readonly also: readonly Problem[];
}

const endOf = ({ steps, atUs }: Life): Us => steps.at(-1)?.atUs ?? atUs;

const ill = (finding: Problem, also: readonly Problem[] = []): Diagnosis => ({ finding, well: false, also });

/** Says what is the matter with a device, from its last lives; an answer to every case, never a throw. */
export const diagnose = (about: Case): Diagnosis => {
  const { lives } = about;
  // In the order in which something happened to them last: a frame may come again.
  const uplinks = lives.filter(({ kind }) => kind === 'uplink').sort((a, b) => endOf(a) - endOf(b));
  const around = gatewaysAround(about, uplinks);
  const latest = uplinks.at(-1);
  if (!latest) {
    const waiting = silentDevice(about);
    const unheard = problem('why-never-heard', { who: about.who });
    return ill(waiting ?? unheard, [...around, ...strangersOf(about)]);
  }
  const trouble = troubleOf(about, uplinks, latest);
  if (trouble) return { ...trouble, also: [...trouble.also, ...around, ...addressLost(about, uplinks)] };
  const [first, ...others] = [...afterArrival(about, uplinks)];
  if (first) return ill(first, [...others, ...around]);
  return {
    finding: problem('why-well', { who: about.who, ago: agoText(about, latest.atUs) }),
    well: true,
    also: around,
  };
};

const agoText = ({ nowUs }: Case, atUs: Us): string => {
  const at = `at ${isoFromUs(atUs).slice(0, 19).replace('T', ' ')} UTC`;
  const ago = nowUs === undefined ? 0 : nowUs - atUs;
  return ago > minuteMs * usPerMs ? `${at}, ${spanText(ago / usPerMs)} before now` : at;
};

/** A simulated device that says why it is silent. */
const silentDevice = ({ who, lives }: Case): Problem | undefined => {
  const whys = lives.flatMap(({ kind, verdict }) => (kind === 'message' ? [verdict] : []));
  const most = mostOf(whys);
  return (
    most && problem('why-device-waits', { who, reasons: tally(whys.map(({ why }) => why)), next: most.next ?? '' })
  );
};

/** Who is a stranger only a server knows. */
const strangersOf = ({ strangers: heard = [], withoutServer }: Case): readonly Problem[] => {
  const strangers = withoutServer === true ? [] : heard;
  const some = strangers.slice(0, 5).map(({ devAddr, frames }) => `${devAddr} x ${frames}`);
  return some.length > 0 ? [problem('why-strangers', { addresses: some.join(', ') })] : [];
};

/** A device that joins no more may be among the strangers: it believes in a session that we do not have. */
const addressLost = (about: Case, uplinks: readonly Life[]): readonly Problem[] =>
  uplinks.every(({ carries }) => carries === 'join') ? strangersOf(about) : [];

const bestGateway = (life: Life): Eui =>
  only(life.facts, 'outcome').at(-1)?.outcome.gateways[0]?.gateway ?? only(life.facts, 'heard')[0]?.rx.gateway ?? '?';

/** What keeps the newest uplinks from arriving; undefined when the newest one arrived. */
const troubleOf = (about: Case, uplinks: readonly Life[], latest: Life): Diagnosis | undefined => {
  const isGood = ({ carries, verdict }: Life): boolean => carries !== 'join' && verdict.result === 'arrived';
  const trailing = uplinks.slice(uplinks.findLastIndex(isGood) + 1);
  if (trailing.length === 0) return undefined;
  const joins = trailing.filter(({ carries }) => carries === 'join');
  return latest.carries === 'join' ? joinTrouble(about, joins) : dataTrouble(about, trailing, latest);
};

type JoinEnd = 'refused' | 'air' | 'not-sent' | 'not-heard' | 'joined' | 'open';
const joinEnd = ({ frames, verdict }: Life): JoinEnd => {
  if (verdict.result === 'lost') {
    if (verdict.stage === 'downlink') return 'not-sent';
    return verdict.stage !== 'air' ? 'refused' : frames.length > 0 ? 'not-heard' : 'air';
  }
  return verdict.result === 'arrived' || verdict.stage === 'downlink' ? 'joined' : 'open';
};

const notForwarded = ({ who, withoutServer }: Case, count: number): Problem =>
  problem(withoutServer === true ? 'why-one-side' : 'why-not-forwarded', { who, count });

const joinTrouble = (about: Case, joins: readonly Life[]): Diagnosis => {
  const { who } = about;
  const latest = joins.at(-1)!;
  const of = (...ends: readonly JoinEnd[]): readonly Life[] => joins.filter((life) => ends.includes(joinEnd(life)));
  const facts = (lives: readonly Life[]): { who: string; reasons: string; next: string } => {
    const verdicts = lives.map(({ verdict }) => verdict);
    return { who, reasons: tally(verdicts.map(({ why }) => why)), next: last(verdicts)?.next ?? '' };
  };
  switch (joinEnd(latest)) {
    case 'refused': {
      const refused = of('refused');
      if (latest.verdict.why !== 'unknown-device') return ill(problem('why-joins-refused', facts(refused)));
      const count = refused.filter(({ verdict }) => verdict.why === 'unknown-device').length;
      return ill(problem('why-not-registered', { who, gateway: bestGateway(latest), count }));
    }
    case 'air':
      return ill(problem('why-air', facts(of('air'))));
    case 'open':
      return ill(notForwarded(about, of('open').length));
    case 'not-sent':
    case 'not-heard':
    case 'joined': {
      const left = of('joined', 'not-heard');
      const failed = of('not-sent');
      if (left.length === 0) return ill(problem('why-accept-not-sent', facts(failed)));
      // One accept on its way is no trouble yet; a device that asks again after an accept did not hear it.
      if (joins.length === 1 && joinEnd(latest) === 'joined')
        return { finding: problem('why-joining', { who }), well: true, also: [] };
      const reasons = tally([...failed, ...of('not-heard')].map(({ verdict }) => verdict.why));
      const said = reasons === '' ? '' : ` (${reasons})`;
      return ill(problem('why-accept-not-heard', { who, count: left.length, reasons: said }));
    }
  }
};

const dataTrouble = (about: Case, trailing: readonly Life[], latest: Life): Diagnosis => {
  const { who } = about;
  const data = trailing.filter(({ carries }) => carries !== 'join');
  const ends = data.map(({ verdict }) => verdict);
  const lost = ends.filter(({ result }) => result === 'lost');
  const { verdict } = latest;
  if (verdict.result === 'open') {
    const open = ends.filter(({ result }) => result === 'open').length;
    const heard = only(latest.facts, 'heard').length + only(latest.facts, 'sent').length > 0;
    return ill(heard ? notForwarded(about, open) : problem('why-open', { who }));
  }
  const same = lost.filter(({ stage }) => (stage === 'air') === (verdict.stage === 'air'));
  const reasons = tally(same.map(({ why }) => why));
  const next = verdict.next ?? '';
  if (verdict.stage === 'air') return ill(problem('why-air', { who, reasons, next }));
  if (verdict.stage === 'sink') {
    const dropped = only(latest.facts, 'around').flatMap(({ around }) =>
      around.kind === 'delivery' ? [around.sink] : [],
    );
    return ill(problem('why-sink-drops', { who, count: same.length, sink: dropped[0] ?? 'a sink' }));
  }
  return ill(problem('why-data-refused', { who, reasons, next }));
};
