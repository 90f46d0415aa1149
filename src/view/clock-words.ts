/** Media time to hundredths: `0:07.42`, `1:02:03.00`. */
export function clockText(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const whole = Math.floor(hundredths / 100);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = `${String(whole % 60).padStart(2, '0')}.${String(hundredths % 100).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

/** Times for axis labels: round steps, about `count` of them, inside [from, to] seconds. */
export function timeTicks(axis: { readonly from: number; readonly to: number; readonly count: number }): {
  readonly step: number;
  readonly ticks: readonly number[];
} {
  const { from, to, count } = axis;
  const wanted = (to - from) / Math.max(1, count);
  const step = STEPS.find((candidate) => candidate >= wanted) ?? 28800;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step - 1e-9) + 0; at * step <= to + 1e-9; at++) ticks.push(at * step);
  return { step, ticks };
}

/** A tick's label: as many decimals as its step needs. */
export function tickText(seconds: number, step: number): string {
  const text = clockText(seconds);
  return step < 1 ? text.slice(0, -1) : text.slice(0, -3);
}
