import type { Yuv } from '../domain/colour.js';
import { yuv420pBytes } from '../domain/frame.js';
import type { StrokeFont } from './stroke-font.js';

/** Planes to draw on. Points are in pixels; whatever lies outside is not drawn. */
export interface YuvCanvas {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** A canvas over existing planes. Throws RangeError when their size is not that of a yuv420p frame. */
export function yuvCanvas(canvas: YuvCanvas): YuvCanvas {
  const bytes = yuv420pBytes(canvas.widthPx, canvas.heightPx);
  if (canvas.data.length !== bytes) throw new RangeError(`planes must have ${bytes} bytes, got ${canvas.data.length}`);
  return canvas;
}

/** Blends one pixel; chroma, shared by four pixels, takes a quarter of the weight per pixel but all of it when opaque. */
function blend(canvas: YuvCanvas, x: number, y: number, colour: Yuv, alpha: number): void {
  const { widthPx, heightPx, data } = canvas;
  if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) return;
  const at = y * widthPx + x;
  data[at] = data[at]! + (colour.y - data[at]!) * alpha;
  const chromaWidth = (widthPx + 1) >> 1;
  const chroma = widthPx * heightPx + (y >> 1) * chromaWidth + (x >> 1);
  const plane = chromaWidth * ((heightPx + 1) >> 1);
  const share = alpha * 0.6;
  data[chroma] = Math.round(data[chroma]! + (colour.u - data[chroma]!) * share);
  data[chroma + plane] = Math.round(data[chroma + plane]! + (colour.v - data[chroma + plane]!) * share);
}

/** A filled rectangle from the left top pixel, `alpha` 0..1. */
export function fillRect(
  canvas: YuvCanvas,
  rect: { readonly left: number; readonly top: number; readonly widthPx: number; readonly heightPx: number },
  ink: { readonly colour: Yuv; readonly alpha: number },
): void {
  const left = Math.max(0, Math.round(rect.left));
  const top = Math.max(0, Math.round(rect.top));
  const right = Math.min(canvas.widthPx, Math.round(rect.left + rect.widthPx));
  const bottom = Math.min(canvas.heightPx, Math.round(rect.top + rect.heightPx));
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) blend(canvas, x, y, ink.colour, ink.alpha);
}

/** The outline of a rectangle, drawn inwards. */
export function strokeRect(
  canvas: YuvCanvas,
  rect: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  ink: { readonly colour: Yuv; readonly alpha: number; readonly thicknessPx: number },
): void {
  const { thicknessPx } = ink;
  const widthPx = rect.right - rect.left;
  const heightPx = rect.bottom - rect.top - 2 * thicknessPx;
  fillRect(canvas, { left: rect.left, top: rect.top, widthPx, heightPx: thicknessPx }, ink);
  fillRect(canvas, { left: rect.left, top: rect.bottom - thicknessPx, widthPx, heightPx: thicknessPx }, ink);
  const top = rect.top + thicknessPx;
  fillRect(canvas, { left: rect.left, top, widthPx: thicknessPx, heightPx }, ink);
  fillRect(canvas, { left: rect.right - thicknessPx, top, widthPx: thicknessPx, heightPx }, ink);
}

/** A line of about `thicknessPx`, sampled at every pixel of its longer side and widened across it. Ends far outside are clipped. */
export function drawLine(
  canvas: YuvCanvas,
  line: { readonly fromX: number; readonly fromY: number; readonly toX: number; readonly toY: number },
  ink: { readonly colour: Yuv; readonly alpha: number; readonly thicknessPx: number },
): void {
  const { fromX, fromY, toX, toY } = line;
  if (![fromX, fromY, toX, toY].every(Number.isFinite)) return;
  const outside = (low: number, high: number, size: number): boolean => high < -8 || low > size + 8;
  if (outside(Math.min(fromX, toX), Math.max(fromX, toX), canvas.widthPx)) return;
  if (outside(Math.min(fromY, toY), Math.max(fromY, toY), canvas.heightPx)) return;
  const longest = 4 * (canvas.widthPx + canvas.heightPx);
  const steps = Math.min(longest, Math.max(1, Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)))));
  const size = Math.max(1, Math.round(ink.thicknessPx));
  const flat = Math.abs(toX - fromX) >= Math.abs(toY - fromY);
  const lift = (size - 1) / 2;
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(fromX + ((toX - fromX) * step) / steps - (flat ? 0 : lift));
    const y = Math.round(fromY + ((toY - fromY) * step) / steps - (flat ? lift : 0));
    for (let across = 0; across < size; across++) {
      blend(canvas, flat ? x : x + across, flat ? y + across : y, ink.colour, ink.alpha);
    }
  }
}

/** One line of text from its left top corner. */
export function drawText(
  canvas: YuvCanvas,
  text: { readonly left: number; readonly top: number; readonly value: string; readonly font: StrokeFont },
  ink: { readonly colour: Yuv },
): void {
  let left = Math.round(text.left);
  const top = Math.round(text.top);
  for (const character of text.value) {
    const mask = text.font.glyph(character);
    if (mask) {
      for (let row = 0; row < mask.heightPx; row++) {
        for (let col = 0; col < mask.widthPx; col++) {
          const coverage = mask.data[row * mask.widthPx + col]!;
          if (coverage > 0) blend(canvas, left + col, top + row, ink.colour, coverage / 255);
        }
      }
    }
    left += text.font.advancePx;
  }
}
