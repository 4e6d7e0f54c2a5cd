// GPS time counts every second since its epoch; UTC, and with it `Us`, leaves leap seconds out.
import { usFromIso, usPerSecond, type Us } from './time.js';

/** 1980-01-06T00:00:00Z: GPS second 0. */
const epochUs: Us = usFromIso('1980-01-06T00:00:00Z')!;

/** The first instant after each leap second since the epoch (IERS Bulletin C); none was announced after that of 2016. */
const leapsUs: readonly Us[] = [
  ...['1981-07', '1982-07', '1983-07', '1985-07', '1988-01', '1990-01', '1991-01', '1992-07', '1993-07', '1994-07'],
  ...['1996-01', '1997-07', '1999-01', '2006-01', '2009-01', '2012-07', '2015-07', '2017-01'],
].map((month) => usFromIso(`${month}-01T00:00:00Z`)!);

/** How many seconds GPS time is ahead of UTC at this instant: 18 since 2017. */
export const leapSecondsAt = (us: Us): number => leapsUs.filter((leapUs) => leapUs <= us).length;

/** Seconds since the GPS epoch, with their fraction, as DeviceTimeAns and class B count them; negative before 1980-01-06. */
export const gpsSecondsFromUs = (us: Us): number => (us - epochUs) / usPerSecond + leapSecondsAt(us);

/** The instant of a GPS second. A leap second has no instant of its own: it is the first moment after it. */
export const usFromGpsSeconds = (gpsSeconds: number): Us => {
  const us = epochUs + Math.round(gpsSeconds * usPerSecond);
  const leaps = leapsUs.filter((leapUs, i) => us >= leapUs + i * usPerSecond).length;
  const naive = us - leaps * usPerSecond;
  return leaps > 0 && naive < leapsUs[leaps - 1]! ? leapsUs[leaps - 1]! : naive;
};
