/** Media time for reading: `0:07.4`, `12:03.0`, `1:02:03.0`. */
export function clock(seconds: number): string {
  const tenths = Math.round(Math.abs(seconds) * 10);
  const whole = Math.floor(tenths / 10);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = `${String(whole % 60).padStart(2, '0')}.${tenths % 10}`;
  const sign = seconds < 0 && tenths > 0 ? '-' : '';
  return hours > 0 ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${sign}${minutes}:${rest}`;
}

/** A length of time in words: `8.4 s`, `1 min 5 s`, `2 h 3 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))}\u00a0s`;
  const whole = Math.round(seconds);
  if (whole < 3600)
    return whole % 60 === 0 ? `${whole / 60}\u00a0min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A share of 1 as a percentage, with a no-break space, that says 100 % or 0 % only when it is exactly that. */
export function percent(share: number): string {
  if (!Number.isFinite(share) || share <= 0) return '0\u00a0%';
  if (share >= 1) return '100\u00a0%';
  if (share > 0.995) return `${Math.min(99.9, Math.floor(share * 1000) / 10)}\u00a0%`;
  if (share < 0.005) return '<\u00a00.5\u00a0%';
  return `${Math.round(share * 100)}\u00a0%`;
}

export function count(value: number, singular: string, plural = `${singular}s`): string {
  return `${value.toLocaleString('en-US')} ${value === 1 ? singular : plural}`;
}
