const MS_PER = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const BYTES_PER = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** A duration as people write it: number and unit, e.g. "250ms", "2s", "1.5h". */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** A data size: number and unit, e.g. "64KiB". */
export const BYTES_PATTERN = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)$/;
/** Width and height in pixels, e.g. "1280x720". */
export const PIXELS_PATTERN = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/;

/** "10m" -> 600000; null when it is no duration. */
export function durationMs(text: string): number | null {
  const match = DURATION_PATTERN.exec(text);
  return match ? Number(match[1]) * MS_PER[match[2] as keyof typeof MS_PER] : null;
}

/** "64KiB" -> 65536; null when it is no data size. */
export function bytesOf(text: string): number | null {
  const match = BYTES_PATTERN.exec(text);
  return match ? Math.round(Number(match[1]) * BYTES_PER[match[2] as keyof typeof BYTES_PER]) : null;
}

/** 65536 -> "64KiB": the largest unit of which it is a whole number. */
export const bytesText = (bytes: number): string => inLargestUnit(bytes, BYTES_PER);

/** 600000 -> "10m", likewise. */
export const durationText = (ms: number): string => inLargestUnit(ms, MS_PER);

function inLargestUnit(value: number, units: Readonly<Record<string, number>>): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => value % each === 0) ?? ['', 1];
  return `${value / size}${unit}`;
}

/** "1280x720" -> { widthPx: 1280, heightPx: 720 }; null when it is no picture size. */
export function pixelsOf(text: string): { readonly widthPx: number; readonly heightPx: number } | null {
  const match = PIXELS_PATTERN.exec(text);
  return match ? { widthPx: Number(match[1]), heightPx: Number(match[2]) } : null;
}
