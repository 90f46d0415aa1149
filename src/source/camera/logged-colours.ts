import { type ColourPlan, colourPlan } from '../colour-plan.js';

/** The input's line in ffmpeg's log: format, what it says of range and colours, coded size. */
const PICTURE = /: Video: .*?, (\w+)\(([^)]*)\).*?, (\d+)x(\d+)|: Video: .*?, (\w+), (\d+)x(\d+)/;

/**
 * The plan for the colours that ffmpeg's log tells of its input, null for any other line. What is not converted leaves
 * RGB as ffmpeg makes YUV of it by itself, which is BT.601.
 */
export function loggedColours(line: string): ColourPlan | null {
  const match = PICTURE.exec(line);
  if (!match) return null;
  const words = (match[2] ?? '').split(/,\s*/);
  // "tv, bt709, progressive" where all three are one, else "tv, bt2020nc/bt2020/smpte2084".
  const colours = words.find((word) => /^[a-z]+[\d-]|\//.test(word))?.split('/') ?? [];
  const plan = colourPlan({
    pixelFormat: match[1] ?? match[5]!,
    range: words.find((word) => word === 'pc' || word === 'tv') ?? null,
    matrix: colours[0] ?? null,
    transfer: colours[2] ?? colours[0] ?? null,
    widthPx: Number(match[3] ?? match[6]),
    heightPx: Number(match[4] ?? match[7]),
  });
  return plan.note === null && plan.scaleOptions.includes('out_color_matrix') ? { ...plan, matrix: 'bt601' } : plan;
}
