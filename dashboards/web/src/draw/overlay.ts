import { MESH_CONTOURS } from '../../../../src/view/mesh-contours.js';
import { EMOTION_COLOURS, inkOn, VALIDITY_WORDS } from '../../../../src/view/palette.js';
import { placeLabels, type Rect } from '../../../../src/view/place-labels.js';
import { boxOf, type Frame } from '../model/history.js';
import { type PackedFace, pixelsOf } from '../model/packed-face.js';
import { activeKeys, labelOf } from '../model/people.js';
import { heldText } from '../words.js';

/** Pictures are pictures in both themes: the palette for dark grounds reads best on them. */
const PALETTE = EMOTION_COLOURS.dark;
const UNREADABLE = '#9aa3b0';
const PLAIN = '#8fb1ff';
const DARK = '#14171d';

/** Runs of the 68 iBUG points: jaw, brows, nose, eyes and lips; a closed run returns to its first point. */
const RUNS: readonly { readonly from: number; readonly to: number; readonly closed: boolean }[] = [
  { from: 0, to: 16, closed: false },
  { from: 17, to: 21, closed: false },
  { from: 22, to: 26, closed: false },
  { from: 27, to: 30, closed: false },
  { from: 31, to: 35, closed: false },
  { from: 36, to: 41, closed: true },
  { from: 42, to: 47, closed: true },
  { from: 48, to: 59, closed: true },
  { from: 60, to: 67, closed: true },
];

export interface OverlayOptions {
  readonly frame: Frame;
  /** Where the frame lies on the canvas, CSS pixels. */
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  readonly emotions: boolean;
  readonly units: readonly string[];
  readonly selectedTrack: number | null;
}

/** Draws boxes, landmarks and labels of a frame. */
export function drawOverlay(context: CanvasRenderingContext2D, options: OverlayOptions): void {
  const faces = options.frame.faces.filter(({ kept }) => kept.track !== null);
  for (const face of faces) drawPoints(context, face, options);
  // Selected last: it lies on top.
  faces.sort((a, b) => Number(a.kept.track === options.selectedTrack) - Number(b.kept.track === options.selectedTrack));
  const shown = faces.flatMap((face) => {
    const box = shownBox(face, options);
    return box ? [shownFace(context, { face, box, options })] : [];
  });
  for (const face of shown) drawBox(context, face);
  // It chooses the place of its label first.
  shown.reverse();
  const wanted = shown.map(({ box, labels }) => ({ box, labels }));
  const { left, top, width, height } = options;
  const places = placeLabels(wanted, { left, top, right: left + width, bottom: top + height }, 2);
  for (const [at, face] of shown.entries()) drawTag(context, face, places[at]![0]!);
}

interface ShownFace {
  readonly box: Rect;
  readonly colour: string;
  readonly readable: boolean;
  readonly selected: boolean;
  readonly text: string;
  /** Size of its letters. */
  readonly px: number;
  readonly labels: readonly [{ readonly width: number; readonly height: number }];
}

/** Where a face lies on the canvas, CSS pixels. */
function shownBox(face: PackedFace, { left, top, scale }: OverlayOptions): Rect | null {
  const box = boxOf(face);
  return (
    box && {
      left: left + box.left * scale,
      top: top + box.top * scale,
      right: left + box.right * scale,
      bottom: top + box.bottom * scale,
    }
  );
}

function shownFace(
  context: CanvasRenderingContext2D,
  { face, box, options }: { readonly face: PackedFace; readonly box: Rect; readonly options: OverlayOptions },
): ShownFace {
  const selected = face.kept.track === options.selectedTrack;
  const text = tagText(face, { ...options, width: box.right - box.left });
  const px = tagPx(options);
  context.font = tagFont(selected, px);
  const width = Math.ceil(context.measureText(text).width) + px;
  const colour = colourOf(face, options.emotions);
  return {
    box,
    colour,
    readable: face.kept.validity === 'ok',
    selected,
    text,
    px,
    labels: [{ width, height: Math.round(1.58 * px) }],
  };
}

function colourOf(face: PackedFace, emotions: boolean): string {
  if (face.kept.validity !== 'ok') return UNREADABLE;
  if (!emotions) return PLAIN;
  return face.kept.label === null ? UNREADABLE : PALETTE[face.kept.label];
}

function drawBox(context: CanvasRenderingContext2D, { box, colour, readable, selected }: ShownFace): void {
  context.lineWidth = selected ? 4.5 : 3.5;
  context.strokeStyle = 'rgb(0 0 0 / 0.45)';
  context.beginPath();
  context.roundRect(box.left, box.top, box.right - box.left, box.bottom - box.top, 6);
  context.stroke();
  context.lineWidth = selected ? 3 : 1.75;
  context.strokeStyle = colour;
  context.setLineDash(readable ? [] : [5, 4]);
  context.stroke();
  context.setLineDash([]);
}

/** As much as fits the face: number, label and how sure; at least the number. */
function tagText(face: PackedFace, options: Pick<OverlayOptions, 'emotions' | 'units'> & { width: number }): string {
  const { emotions, units, width } = options;
  if (width < 34) return `${face.kept.track}`;
  if (face.kept.validity !== 'ok')
    return width < 90 ? `${face.kept.track}` : `${face.kept.track} ${VALIDITY_WORDS[face.kept.validity]}`;
  if (!emotions) {
    const codes = activeKeys(face, units).slice(0, width < 90 ? 1 : 3);
    return [String(face.kept.track), ...codes.map((key) => `AU${key}`)].join(' ');
  }
  const held = labelOf(face);
  if (!held) return `${face.kept.track}`;
  return width < 90 ? `${face.kept.track} ${held.label}` : `${face.kept.track} ${heldText(held)}`;
}

/** Labels grow with the picture: a wall is read from afar. */
const tagPx = ({ height }: Pick<OverlayOptions, 'height'>): number =>
  Math.max(12, Math.min(24, Math.round(height / 25)));

const tagFont = (selected: boolean, px: number): string => `${selected ? '650' : '500'} ${px}px system-ui, sans-serif`;

function drawTag(context: CanvasRenderingContext2D, { colour, selected, text, px }: ShownFace, place: Rect): void {
  const { left, top, right, bottom } = place;
  context.font = tagFont(selected, px);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(left, top, right - left, bottom - top, 5);
  context.fill();
  context.fillStyle = inkOn(colour) === '#ffffff' ? '#ffffff' : DARK;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, left + px / 2, (top + bottom) / 2 + 0.5);
}

function drawPoints(context: CanvasRenderingContext2D, face: PackedFace, options: OverlayOptions): void {
  const { points } = face;
  if (!points) return;
  const x = (at: number): number => options.left + pixelsOf(points[2 * at]!) * options.scale;
  const y = (at: number): number => options.top + pixelsOf(points[2 * at + 1]!) * options.scale;
  context.beginPath();
  if (points.length === 2 * 68) {
    for (const { from, to, closed } of RUNS) {
      context.moveTo(x(from), y(from));
      for (let at = from + 1; at <= to; at++) context.lineTo(x(at), y(at));
      if (closed) context.closePath();
    }
  } else {
    for (const [from, to] of MESH_CONTOURS) {
      context.moveTo(x(from), y(from));
      context.lineTo(x(to), y(to));
    }
  }
  context.lineWidth = 1;
  context.strokeStyle = 'rgb(255 255 255 / 0.75)';
  context.stroke();
  if (points.length !== 2 * 68) {
    context.fillStyle = 'rgb(255 255 255 / 0.5)';
    for (let at = 0; at < points.length / 2; at++) context.fillRect(x(at) - 0.5, y(at) - 0.5, 1, 1);
  }
}
