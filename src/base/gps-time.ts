export const usFromGpsSeconds = (gpsSeconds: number): number => (gpsSeconds + 315_964_800 - 18) * 1_000_000;
