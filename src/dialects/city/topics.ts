// Topics as their owner writes them: levels, with names in braces that are filled in for each message.
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';

/** The names in braces that a topic may hold. */
export const topicNames = ['prefix', 'lot', 'bay', 'gateway', 'device'] as const;
export type TopicName = (typeof topicNames)[number];
export type TopicFacts = Partial<Record<TopicName, string>>;

// U+0000 is forbidden and the other control characters should not be sent (MQTT 3.1.1 §1.5.3); + and # are wildcards (§4.7.1).

const forbidden = /[+#\u0000-\u001f\u007f-\u009f]/;

const reserved = /[%+#/$\u0000-\u001f\u007f-\u009f]/g;

/** Whether a topic template names only what there is, and would make a topic that MQTT allows. */
export const checkTopic = (template: string): Result<string> => {
  for (const [hole, name = ''] of template.matchAll(/\{([^{}]*)\}/g))
    if (!(topicNames as readonly string[]).includes(name))
      return fail('topic-hole', { template, hole, known: topicNames.map((one) => `{${one}}`).join(', ') });
  const rest = template.replace(/\{[^{}]*\}/g, '');
  if (template === '' || forbidden.test(template) || /[{}]/.test(rest)) return fail('topic-wildcard', { template });
  return ok(template);
};

const escaped = (char: string): string => `%${char.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;

/**
 * The topic of a template that `checkTopic` has seen. What MQTT reserves is written as %XX, so that a bay called `a/b+c`
 * stays one level and never shares a topic with the bay `a_b_c`. A prefix may have levels of its own.
 */
export const fillTopic = (template: string, facts: TopicFacts): string =>
  template.replace(/\{(\w+)\}/g, (_hole, name: TopicName) => {
    const fact = facts[name] ?? '';
    return name === 'prefix' ? fact : fact.replace(reserved, escaped);
  });

/** Topics of commands: what to subscribe to, and whom a topic names. */
export interface CommandTopics {
  readonly filter: string;
  /** The device whose commands come on this topic, as it was written there; undefined for another topic. */
  deviceOf(topic: string): string | undefined;
}

const deviceLevel = '{device}';

/** What `escaped` wrote, read back; what it never writes stays as it is. */
const unescaped = (level: string): string =>
  level.replace(/%([0-9A-F]{2})/g, (_code, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

/** A template of commands or their results names these, and the device as a level of its own. */
const commandNames: readonly TopicName[] = ['prefix', 'gateway', 'device'];

/** Whether a template can be the topic of commands or of their results. Problems: those of `checkTopic`, `topic-needs`. */
export const checkDeviceTopic = (template: string): Result<string> => {
  const checked = checkTopic(template);
  if (!checked.ok) return checked;
  const known = commandNames.map((one) => `{${one}}`).join(', ');
  for (const [hole, name = ''] of template.matchAll(/\{(\w+)\}/g))
    if (!(commandNames as readonly string[]).includes(name)) return fail('topic-hole', { template, hole, known });
  const levels = template.split('/').filter((level) => level.includes(deviceLevel));
  return levels.length === 1 && levels[0] === deviceLevel
    ? checked
    : fail('topic-needs', { template, level: deviceLevel, example: '{prefix}/device/{device}/command/down' });
};

/** The topics of a template that `checkDeviceTopic` has seen. */
export const commandTopics = (template: string, facts: Omit<TopicFacts, 'device'>): CommandTopics => {
  const [before = '', after = ''] = template.split(deviceLevel).map((part) => fillTopic(part, facts));
  return {
    filter: `${before}+${after}`,
    deviceOf(topic) {
      const fits = topic.startsWith(before) && topic.endsWith(after) && topic.length > before.length + after.length;
      const level = fits ? topic.slice(before.length, topic.length - after.length) : '';
      return level === '' || level.includes('/') ? undefined : unescaped(level);
    },
  };
};

const regular = /[\\^$.*+?()[\]{}|]/g;

/** One level of a filled topic as a pattern: a hole may have become anything but a slash. */
const levelsMayMeet = (a: string, b: string): boolean => {
  const hole = /\{\w+\}/g;
  const open = (level: string): boolean => level.includes('{');
  const pattern = (level: string): RegExp =>
    new RegExp(
      `^${level
        .split(hole)
        .map((part) => part.replace(regular, '\\$&'))
        .join('[^/]*')}$`,
    );
  if (open(a) && open(b)) return true;
  return open(a) ? pattern(a).test(b) : open(b) ? pattern(b).test(a) : a === b;
};

/**
 * Whether one topic may come out of both templates, when their names in braces are filled with whatever may come: errs on
 * the side of yes. Both have the same `prefix`, which may have several levels.
 */
export const topicsMayMeet = (one: string, other: string, prefix: string): boolean => {
  const levels = (template: string): readonly string[] => template.replaceAll('{prefix}', () => prefix).split('/');
  const [a, b] = [levels(one), levels(other)];
  return a.length === b.length && a.every((level, i) => levelsMayMeet(level, b[i]!));
};
