/** Datagrams, sources, sinks and the running gateway. */
export const gateway = {
  'internal': { text: 'something that must not happen did: {what}', hint: 'Please report it with the lines above.' },
} as const;
