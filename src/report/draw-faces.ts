import { actionUnit, activeUnits } from '../domain/action-units.js';
import { type ColourMatrix, rgbOf, rgbToYuv, type Yuv } from '../domain/colour.js';
import type { FaceRecord } from '../domain/records.js';
import { MESH_CONTOURS } from '../view/mesh-contours.js';
import { EMOTION_COLOURS, inkOn, VALIDITY_WORDS } from '../view/palette.js';
import { createStrokeFont, type StrokeFont } from './stroke-font.js';
import { drawLine, drawText, fillRect, strokeRect, type YuvCanvas, yuvCanvas } from './yuv-canvas.js';

/** Colours, sizes and letters for frames of one size, made once. */
export interface DrawingStyle {
  readonly font: StrokeFont;
  readonly thicknessPx: number;
  readonly colour: (hex: string) => Yuv;
}

const PALETTE = EMOTION_COLOURS.dark;
const UNREADABLE = '#9aa3b0';
/** Ground of the action units, apart from every emotion's. */
const UNITS = '#22262e';

/** Everything scales with the frame: letters are 1/24 of its shorter side, at least 13 px. */
export function drawingStyle(options: {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly matrix: ColourMatrix;
}): DrawingStyle {
  const shorter = Math.min(options.widthPx, options.heightPx);
  const known = new Map<string, Yuv>();
  return {
    font: createStrokeFont({ heightPx: Math.max(13, shorter / 24) }),
    thicknessPx: Math.max(1, Math.round(shorter / 270)),
    colour: (hex) => {
      const yuv = known.get(hex) ?? rgbToYuv(rgbOf(hex), options.matrix);
      known.set(hex, yuv);
      return yuv;
    },
  };
}

/** What the label of a face says: its number, then the emotion in force and how sure, or why there is none. */
export function labelOf(record: FaceRecord): string {
  if (record.validity !== 'ok') return `#${record.track} ${VALIDITY_WORDS[record.validity]}`;
  if (record.label === null || record.confidence === null) return `#${record.track} no clear expression`;
  return `#${record.track} ${record.label} ${Math.round(100 * record.confidence)}%`;
}

/** Most action units that the label of a face names. */
const LABEL_UNITS = 4;

/** Active action units of a face, strongest first: "AU12 AU6"; empty when there are none. */
export function unitsLabelOf(record: FaceRecord): string {
  return activeUnits(record.actionUnits)
    .slice(0, LABEL_UNITS)
    .map(({ key }) => actionUnit(key).code)
    .join(' ');
}

/** Draws every face of a frame into its planes (yuv420p, any size): outline, landmarks and label. Changes `canvas.data`. */
export function drawFaces(canvas: YuvCanvas, records: readonly FaceRecord[], style: DrawingStyle): void {
  yuvCanvas(canvas);
  for (const record of records) if (record.box && record.track !== null) drawFace(canvas, record, style);
}

function drawFace(canvas: YuvCanvas, record: FaceRecord, style: DrawingStyle): void {
  const box = record.box!;
  const hex = record.validity !== 'ok' || record.label === null ? UNREADABLE : PALETTE[record.label];
  const colour = style.colour(hex);
  const { thicknessPx, font } = style;
  if (record.mesh)
    drawMesh(canvas, record.mesh, { colour: style.colour('#ffffff'), thicknessPx: Math.ceil(thicknessPx / 2) });
  strokeRect(canvas, box, { colour, alpha: 1, thicknessPx: thicknessPx + 1 });

  const heightPx = font.heightPx + 2;
  const above = box.top - heightPx;
  const top = above >= 0 ? above : Math.min(box.bottom, canvas.heightPx - heightPx);
  drawTag(canvas, { left: box.left, top, text: labelOf(record), hex }, style);
  const units = unitsLabelOf(record);
  if (units === '') return;
  const used = above >= 0 ? box.bottom : top + heightPx;
  // At the foot of the frame there is no room below: then at the bottom edge, or over a label that is there.
  const below = Math.min(used, canvas.heightPx - heightPx);
  const unitsTop = above < 0 && below < top + heightPx ? top - heightPx : below;
  drawTag(canvas, { left: box.left, top: unitsTop, text: units, hex: UNITS }, style);
}

/** A text on a filled ground, kept within the sides of the frame. */
function drawTag(
  canvas: YuvCanvas,
  tag: { readonly left: number; readonly top: number; readonly text: string; readonly hex: string },
  { font, colour }: DrawingStyle,
): void {
  const { text, top, hex } = tag;
  const padding = Math.round(font.heightPx / 3);
  const widthPx = text.length * font.advancePx + 2 * padding;
  const left = Math.max(0, Math.min(tag.left, canvas.widthPx - widthPx));
  fillRect(canvas, { left, top, widthPx, heightPx: font.heightPx + 2 }, { colour: colour(hex), alpha: 0.9 });
  drawText(canvas, { left: left + padding, top: top + 1, value: text, font }, { colour: colour(inkOn(hex)) });
}

function drawMesh(canvas: YuvCanvas, mesh: Float32Array, ink: { colour: Yuv; thicknessPx: number }): void {
  for (const [from, to] of MESH_CONTOURS) {
    const line = { fromX: mesh[3 * from]!, fromY: mesh[3 * from + 1]!, toX: mesh[3 * to]!, toY: mesh[3 * to + 1]! };
    drawLine(canvas, line, { ...ink, alpha: 0.65 });
  }
}
