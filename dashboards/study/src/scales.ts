/** From a value to a place. */
export type Scale = (value: number) => number;

export interface Domain {
  readonly low: number;
  readonly high: number;
}

/** The range of all finite values; -1 to 1 around a single one, so that it can be drawn. */
export function domainOf(values: Iterable<number | null>): Domain {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { low: 0, high: 1 };
  if (low === high) return { low: low - (Math.abs(low) || 1), high: high + (Math.abs(high) || 1) };
  const room = (high - low) * 0.06;
  return { low: low >= 0 && low - room < 0 ? 0 : low - room, high: high + room };
}

export const scaleOf = ({ low, high }: Domain, from: number, to: number): Scale => {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
};

/** Round values inside of a domain, about `count` of them. */
export function valueTicks({ low, high }: Domain, count: number): readonly number[] {
  const wanted = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= wanted) ?? 10);
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high; at++) ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}

/** A number to three digits, as short as it can be, with a true minus sign. */
export const shortText = (value: number): string =>
  String(Number(value.toPrecision(3)))
    .replace('-', '−')
    .replace(/e([+−])/, ' × 10^$1');
