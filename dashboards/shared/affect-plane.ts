import type { ValenceArousal } from '../../src/domain/affect.js';
import type { Surface } from './surface.js';

type Colour = 'plot' | 'line' | 'muted' | 'first' | 'accent' | 'card';

export interface AffectPlane {
  readonly colour: (name: Colour) => string;
  /** Every reading in view, as faint dots. @default none */
  readonly dots?: Iterable<ValenceArousal>;
  /** Readings before now, the newest first; it ends at the first gap. `age`: 0 now, 1 at the end of the trail. */
  readonly trail: Iterable<ValenceArousal & { readonly age: number }>;
  /** The reading now; null without one. */
  readonly head: ValenceArousal | null;
}

/** The plane of valence (right: pleasant) and arousal (up: excited) with a trail of the last seconds. */
export function drawAffectPlane(surface: Surface, { colour, dots = [], trail, head }: AffectPlane): void {
  const { context, width, height } = surface;
  const radius = Math.min(width, height) / 2 - 17;
  const px = ({ valence }: ValenceArousal): number => width / 2 + valence * radius;
  const py = ({ arousal }: ValenceArousal): number => height / 2 - arousal * radius;
  drawGround(surface, { radius, colour });
  context.fillStyle = colour('first');
  context.globalAlpha = 0.16;
  for (const dot of dots) context.fillRect(px(dot) - 1, py(dot) - 1, 2, 2);
  context.strokeStyle = colour('first');
  context.lineWidth = 2.25;
  context.lineCap = 'round';
  let later: ValenceArousal | null = null;
  for (const point of trail) {
    // Points within a pixel of each other are one.
    if (later && Math.hypot(px(point) - px(later), py(point) - py(later)) < 1) continue;
    if (later) {
      context.globalAlpha = Math.max(0.06, 1 - point.age);
      context.beginPath();
      context.moveTo(px(point), py(point));
      context.lineTo(px(later), py(later));
      context.stroke();
    }
    later = point;
  }
  context.globalAlpha = 1;
  if (!head) return;
  context.beginPath();
  context.arc(px(head), py(head), 6, 0, 2 * Math.PI);
  context.fillStyle = colour('accent');
  context.fill();
  context.strokeStyle = colour('card');
  context.lineWidth = 2;
  context.stroke();
}

function drawGround(
  { context, width, height }: Surface,
  { radius, colour }: { readonly radius: number; readonly colour: AffectPlane['colour'] },
): void {
  const [middle, level] = [width / 2, height / 2];
  context.fillStyle = colour('plot');
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  context.beginPath();
  context.arc(middle, level, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.beginPath();
  context.arc(middle, level, radius / 2, 0, 2 * Math.PI);
  context.moveTo(middle - radius, level);
  context.lineTo(middle + radius, level);
  context.moveTo(middle, level + radius);
  context.lineTo(middle, level - radius);
  context.stroke();
  context.fillStyle = colour('muted');
  context.textAlign = 'center';
  context.fillText('excited', middle, level - radius - 8);
  context.fillText('calm', middle, level + radius + 9);
  context.save();
  context.translate(middle - radius - 9, level);
  context.rotate(-Math.PI / 2);
  context.fillText('unpleasant', 0, 0);
  context.translate(0, 2 * radius + 18);
  context.fillText('pleasant', 0, 0);
  context.restore();
}
