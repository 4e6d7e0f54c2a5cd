export const gpsFromUs = (us: number): { seconds: number; fraction256: number } => ({ seconds: Math.floor(us / 1e6) - 315964800 + 18, fraction256: Math.floor(((us % 1e6) / 1e6) * 256) });
