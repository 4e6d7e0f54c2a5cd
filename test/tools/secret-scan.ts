// Finds a secret in what a program has written, however it is spelt.

/** How a key of bytes may be spelt: its name, and the text or bytes to look for. */
export const spellingsOf = (secret: Uint8Array | string): readonly (readonly [name: string, Buffer])[] => {
  const bytes = Buffer.from(secret as string);
  const hex = bytes.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const base64 = bytes.toString('base64');
  const list = [...bytes].join(',');
  const texts: readonly (readonly [string, string])[] = [
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ...[':', ' ', '-', ','].flatMap((by) => [
      [`hex with "${by}"`, pairs.join(by)] as const,
      [`HEX with "${by}"`, pairs.join(by).toUpperCase()] as const,
    ]),
    ['C array', pairs.map((pair) => `0x${pair}`).join(',')],
    ['spaced C array', pairs.map((pair) => `0x${pair}`).join(', ')],
    ['escaped', pairs.map((pair) => `\\x${pair}`).join('')],
    ['hex backwards', [...pairs].reverse().join('')],
    ['base64', base64.replace(/=+$/, '')],
    ['base64url', bytes.toString('base64url')],
    ['list', list],
    ['spaced list', list.replaceAll(',', ', ')],
    ['JSON of bytes', [...bytes].map((byte, i) => `"${i}":${byte}`).join(',')],
    ...(typeof secret === 'string' ? [['URL', encodeURIComponent(secret)] as const] : []),
  ];
  return [['as it is', bytes], ...texts.map(([name, text]) => [name, Buffer.from(text)] as const)];
};

/** The secrets that stand in some bytes, each with its spelling: `appKey as base64`. */
export const secretsIn = (
  bytes: Uint8Array | string,
  secrets: Readonly<Record<string, Uint8Array | string>>,
): readonly string[] => {
  const all = Buffer.from(bytes as string);
  return Object.entries(secrets).flatMap(([name, secret]) =>
    spellingsOf(secret).flatMap(([spelling, wanted]) => (all.includes(wanted) ? [`${name} as ${spelling}`] : [])),
  );
};
