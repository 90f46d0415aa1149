import { EMOTIONS } from '../../../src/domain/affect.js';
import { NOTHING, type PageStrip, type StripKind, TOP } from '../../../src/study/report/page-data.js';
import { clockText } from '../../../src/view/clock-words.js';
import { prepareSurface, type Surface } from '../../shared/surface.js';
import { shortText } from './scales.js';
import type { StudyPageData } from './study-data.js';

/** Bytes of a strip. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

type Rgb = readonly [number, number, number];
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
const mixed = (from: Rgb, to: Rgb, share: number): string =>
  `rgb(${from.map((value, at) => Math.round(value + (to[at] - value) * share)).join(' ')})`;

/** Colour of each code of a kind, by the theme that is on. */
export function coloursOf(kind: StripKind, colour: (name: string) => string): (code: number) => string {
  if (kind.codes === 'word') return (code) => (code === TOP ? colour('plot') : colour(kind.words[code] ?? EMOTIONS[0]));
  const [below, middle, above] = [rgbOf(colour('below')), rgbOf(colour('middle')), rgbOf(colour('above'))];
  if (kind.low >= 0) return (code) => mixed(middle, above, code / TOP);
  return (code) => {
    const share = (2 * code) / TOP - 1;
    return share < 0 ? mixed(middle, below, -share) : mixed(middle, above, share);
  };
}

/** What a strip says at a place, in words. */
export function codeText(kind: StripKind, code: number): string {
  if (code === NOTHING) return 'no reading';
  if (kind.codes === 'word') return code === TOP ? 'no expression in force' : kind.words[code];
  return `${kind.title.toLowerCase()} ${shortText(kind.low + (code / TOP) * (kind.high - kind.low))}`;
}

/** What stands for time of the session without a reading; before it began and after its end there is nothing. */
function drawHatch(
  { context, width, height }: Surface,
  colour: (name: string) => string,
  { fromX, toX }: { readonly fromX: number; readonly toX: number },
): void {
  context.fillStyle = colour('card');
  context.fillRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(fromX, 0, toX - fromX, height);
  context.clip();
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -height; at < width; at += 5) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.stroke();
  context.restore();
}

/** Draws a person's session on the axis of the whole study. */
export function drawStrip(
  canvas: HTMLCanvasElement,
  strip: PageStrip,
  { data, kind, spanS }: { readonly data: StudyPageData; readonly kind: StripKind; readonly spanS: number },
): void {
  const surface = prepareSurface(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
  const packed = strip.cells[kind.name];
  if (!surface || packed === undefined) return;
  const { context, width, height } = surface;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const x = (seconds: number): number => (seconds / spanS) * width;
  const bytes = bytesOf(packed);
  const paint = coloursOf(kind, colour);
  const cellS = (strip.toS - strip.fromS) / bytes.length;
  drawHatch(surface, colour, { fromX: x(strip.fromS), toX: x(strip.toS) });
  for (const [cell, code] of bytes.entries()) {
    if (code === NOTHING) continue;
    context.fillStyle = paint(code);
    context.fillRect(x(strip.fromS + cell * cellS), 0, Math.max(0.75, x(cellS) + 0.4), height);
  }
  context.strokeStyle = colour('ink');
  context.lineWidth = 1;
  for (const { fromS, toS } of data.strips.excluded.filter(({ session }) => session === strip.session)) {
    context.fillStyle = colour('card');
    context.globalAlpha = 0.75;
    context.fillRect(x(fromS), 0, x(toS - fromS), height);
    context.globalAlpha = 0.6;
    context.beginPath();
    for (let at = x(fromS); at < x(toS); at += 6) {
      context.moveTo(at, height);
      context.lineTo(Math.min(at + height, x(toS)), 0);
    }
    context.stroke();
    context.globalAlpha = 1;
  }
  context.fillStyle = colour('ink');
  for (const { atS } of data.strips.marks.filter(({ session }) => session === strip.session))
    context.fillRect(x(atS), 0, 1.25, height / 3);
}

/** "p03, session s2, at 3:21.00: happiness". */
export function placeText(data: StudyPageData, strip: PageStrip, kind: StripKind, seconds: number): string {
  const bytes = bytesOf(strip.cells[kind.name] ?? '');
  const cell = Math.floor(((seconds - strip.fromS) / (strip.toS - strip.fromS)) * bytes.length);
  const who = `${data.people[strip.who]}, session ${data.sessions[strip.session]}, at ${clockText(seconds)}`;
  return `${who}: ${cell < 0 || cell >= bytes.length ? 'not in the session' : codeText(kind, bytes[cell])}`;
}
