/** Matrix between a frame's luma and chroma and its colours. */
export type ColourMatrix = 'bt601' | 'bt709';

/** The matrix of a frame: the one it carries, else by its size. */
export function matrixOf(frame: {
  readonly matrix?: ColourMatrix;
  readonly widthPx: number;
  readonly heightPx: number;
}): ColourMatrix {
  return frame.matrix ?? colourMatrixOf(frame);
}

/** BT.709 from 1280 wide or above 576 lines, BT.601 below: what players assume of unmarked video. */
export function colourMatrixOf(size: { readonly widthPx: number; readonly heightPx: number }): ColourMatrix {
  return Math.max(size.widthPx, size.heightPx) >= 1280 || Math.min(size.widthPx, size.heightPx) > 576
    ? 'bt709'
    : 'bt601';
}

/** Luma weights of red and blue (ITU-R BT.601 and BT.709). */
export const LUMA_WEIGHTS = { bt601: { red: 0.299, blue: 0.114 }, bt709: { red: 0.2126, blue: 0.0722 } } as const;

export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** Limited-range 8-bit luma and chroma. */
export interface Yuv {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Factors that turn limited-range Y'CbCr into full-range R'G'B' (each 0..255 before clamping). */
export function yuvToRgbFactors(matrix: ColourMatrix): {
  luma: number;
  redV: number;
  greenU: number;
  greenV: number;
  blueU: number;
} {
  const { red, blue } = LUMA_WEIGHTS[matrix];
  const green = 1 - red - blue;
  const chroma = 255 / 224;
  return {
    luma: 255 / 219,
    redV: 2 * (1 - red) * chroma,
    greenU: (-2 * (1 - blue) * blue * chroma) / green,
    greenV: (-2 * (1 - red) * red * chroma) / green,
    blueU: 2 * (1 - blue) * chroma,
  };
}

/** R'G'B' (0..255) as limited-range Y'CbCr. */
export function rgbToYuv(rgb: Rgb, matrix: ColourMatrix): Yuv {
  const { red, blue } = LUMA_WEIGHTS[matrix];
  const luma = red * rgb.r + (1 - red - blue) * rgb.g + blue * rgb.b;
  return {
    y: Math.round(16 + (luma * 219) / 255),
    u: Math.round(128 + (((rgb.b - luma) / (2 * (1 - blue))) * 224) / 255),
    v: Math.round(128 + (((rgb.r - luma) / (2 * (1 - red))) * 224) / 255),
  };
}

/** `#rrggbb` as numbers. */
export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return { r: (value >> 16) & 255, g: (value >> 8) & 255, b: value & 255 };
}
