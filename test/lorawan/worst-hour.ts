/** The fullest hour of some emissions, found without cleverness: every moment at which it could be, and all added up. */
export const worstHourUs = (
  emissions: readonly { readonly startUs: number; readonly airtimeUs: number }[],
  hourUs = 3_600_000_000,
): number => {
  let worst = 0;
  for (const { startUs, airtimeUs } of emissions)
    for (const from of [startUs, startUs + airtimeUs - hourUs]) {
      let sum = 0;
      for (const one of emissions) {
        const inside = Math.min(one.startUs + one.airtimeUs, from + hourUs) - Math.max(one.startUs, from);
        if (inside > 0) sum += inside;
      }
      worst = Math.max(worst, sum);
    }
  return worst;
};
