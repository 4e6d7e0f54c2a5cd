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
