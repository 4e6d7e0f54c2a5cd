import { expect, test } from 'vitest';
import { interrupted } from './stellwerk.js';

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a simulation in real time with its summary, as done',
  async (signal) => {
    const { code, said } = await interrupted(
      ['simulate', 'herrenberg-graben', '--speed', '20', '--events'],
      signal,
      / og-| ug-/,
    );
    expect(code).toBe(0);
    expect(said).toContain('digest');
  },
);
