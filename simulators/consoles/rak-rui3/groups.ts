// Multicast groups, as the board keeps them: four at most, joined by commas. Nobody sends to them here.

const most = 4;
const none = `0:00000000:${'0'.repeat(32)}:${'0'.repeat(32)}:000000000:00:0`;

const cut = (groups: string): readonly string[] => (groups === '' ? [] : groups.split(','));

/** All places, empty ones as well. */
export const groupList = (groups: string): string =>
  Array.from({ length: most }, (_, i) => cut(groups)[i] ?? none).join(',');

/** With one more; undefined when there is no place, or its address is there already. */
export const withGroup = (groups: string, values: readonly unknown[]): string | undefined => {
  const [kind, address, nwkSKey, appSKey, hz, dataRate, period] = values;
  // The second window has both, frequency and data rate, or neither.
  if (values.length === 5 || values.length < 4 || (kind === 'C' && values.length > 6)) return undefined;
  const all = cut(groups);
  const name = String(address).toUpperCase();
  if (all.length >= most || all.some((one) => one.split(':')[1] === name)) return undefined;
  const rest = [String(hz ?? 0).padStart(9, '0'), String(dataRate ?? 0).padStart(2, '0'), String(period ?? 0)];
  const group = [String(kind), name, String(nwkSKey).toUpperCase(), String(appSKey).toUpperCase(), ...rest].join(':');
  return [...all, group].join(',');
};

/** With one less; undefined when it is not there. */
export const withoutGroup = (groups: string, address: string): string | undefined => {
  const all = cut(groups);
  const left = all.filter((one) => one.split(':')[1] !== address.toUpperCase());
  return left.length === all.length ? undefined : left.join(',');
};
