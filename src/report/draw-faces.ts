import { actionUnit, activeUnits } from '../domain/action-units.js';
import { type ColourMatrix, rgbOf, rgbToYuv, type Yuv } from '../domain/colour.js';
import type { FaceRecord } from '../domain/records.js';
import { MESH_CONTOURS } from '../view/mesh-contours.js';
import { EMOTION_COLOURS, inkOn, VALIDITY_WORDS } from '../view/palette.js';
import { placeLabels, type Rect } from '../view/place-labels.js';
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

/**
 * Draws every face of a frame into its planes (yuv420p, any size): outline, landmarks and labels, which cover no
 * neighbour where there is room elsewhere. Changes `canvas.data`.
 */
export function drawFaces(canvas: YuvCanvas, records: readonly FaceRecord[], style: DrawingStyle): void {
  yuvCanvas(canvas);
  const faces = records.flatMap((record) =>
    record.box && record.track !== null ? [{ record, box: record.box, tags: tagsOf(record) }] : [],
  );
  for (const { record, box } of faces) drawOutline(canvas, { record, box }, style);
  const wanted = faces.map(({ box, tags }) => ({ box, labels: tags.map(({ text }) => tagSize(text, style)) }));
  const frame = { left: 0, top: 0, right: canvas.widthPx, bottom: canvas.heightPx };
  for (const [face, places] of placeLabels(wanted, frame).entries())
    for (const [at, place] of places.entries()) drawTag(canvas, { ...faces[face]!.tags[at]!, ...place }, style);
}

interface Tag {
  readonly text: string;
  /** Of its ground. */
  readonly hex: string;
}

function hexOf({ validity, label }: FaceRecord): string {
  return validity !== 'ok' || label === null ? UNREADABLE : PALETTE[label];
}

function tagsOf(record: FaceRecord): Tag[] {
  const units = unitsLabelOf(record);
  const label = { text: labelOf(record), hex: hexOf(record) };
  return units === '' ? [label] : [label, { text: units, hex: UNITS }];
}

function drawOutline(
  canvas: YuvCanvas,
  { record, box }: { readonly record: FaceRecord; readonly box: Rect },
  style: DrawingStyle,
): void {
  const { thicknessPx } = style;
  if (record.mesh)
    drawMesh(canvas, record.mesh, { colour: style.colour('#ffffff'), thicknessPx: Math.ceil(thicknessPx / 2) });
  strokeRect(canvas, box, { colour: style.colour(hexOf(record)), alpha: 1, thicknessPx: thicknessPx + 1 });
}

const paddingOf = (font: StrokeFont): number => Math.round(font.heightPx / 3);

function tagSize(text: string, { font }: DrawingStyle): { readonly width: number; readonly height: number } {
  return { width: text.length * font.advancePx + 2 * paddingOf(font), height: font.heightPx + 2 };
}

/** A text on a filled ground. */
function drawTag(canvas: YuvCanvas, tag: Tag & Rect, { font, colour }: DrawingStyle): void {
  const { text, hex, left, top, right, bottom } = tag;
  const ground = { left, top, widthPx: right - left, heightPx: bottom - top };
  fillRect(canvas, ground, { colour: colour(hex), alpha: 0.9 });
  drawText(canvas, { left: left + paddingOf(font), top: top + 1, value: text, font }, { colour: colour(inkOn(hex)) });
}

function drawMesh(canvas: YuvCanvas, mesh: Float32Array, ink: { colour: Yuv; thicknessPx: number }): void {
  for (const [from, to] of MESH_CONTOURS) {
    const line = { fromX: mesh[3 * from]!, fromY: mesh[3 * from + 1]!, toX: mesh[3 * to]!, toY: mesh[3 * to + 1]! };
    drawLine(canvas, line, { ...ink, alpha: 0.65 });
  }
}
