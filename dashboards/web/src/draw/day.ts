import type { KeptDay } from '../../../../src/domain/keeping.js';
import type { PastFiring, PastMinute } from '../model/past-day.js';
import type { Colours } from './colours.js';
import type { Surface } from './surface.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const FACES = { top: 16, tall: 46 } as const;
const EXPRESSIONS = { top: 68, tall: 16 } as const;
const RULES = { top: 90, tall: 14 } as const;
/** Below a width, hours are named less often. */
const NARROW_PX = 520;

/** Pixels that a day needs, hours included. */
export const DAY_HEIGHT = 124;

/** A day of a camera: faces in view (height), the expression most in force (colour), and when rules fired (marks). */
export function drawDay(
  { context, width }: Surface,
  options: {
    readonly day: Pick<KeptDay, 'fromMs' | 'toMs'>;
    readonly minutes: readonly PastMinute[];
    readonly firings: readonly PastFiring[];
    readonly colours: Colours;
  },
): void {
  const { day, minutes, firings, colours } = options;
  const { fromMs, toMs } = day;
  const x = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * width;
  context.clearRect(0, 0, width, DAY_HEIGHT);
  for (const { top, tall } of [FACES, EXPRESSIONS, RULES]) {
    context.fillStyle = colours.track;
    context.fillRect(0, top, width, tall);
  }
  nameHours(context, {
    width,
    hours: Math.round((toMs - fromMs) / HOUR_MS),
    x: (hour) => x(fromMs + hour * HOUR_MS),
    colours,
  });
  const highest = Math.max(1, ...minutes.map(({ faces }) => faces));
  const wide = Math.max(1.5, x(fromMs + MINUTE_MS) + 0.3);
  for (const { atMs, faces, leading } of minutes) {
    const tall = Math.max(faces === 0 ? 1 : 3, (faces / highest) * (FACES.tall - 2));
    context.fillStyle = faces === 0 ? colours.muted : colours.accent;
    context.fillRect(x(atMs), FACES.top + FACES.tall - tall, wide, tall);
    if (leading === null) continue;
    context.fillStyle = colours[leading];
    context.fillRect(x(atMs), EXPRESSIONS.top, wide, EXPRESSIONS.tall);
  }
  context.fillStyle = colours.bad;
  for (const { atMs, endMs } of firings) {
    context.fillRect(x(atMs) - 1, RULES.top, Math.max(2.5, x(endMs ?? atMs) - x(atMs)), RULES.tall);
  }
  context.textAlign = 'left';
  context.fillStyle = colours.soft;
  context.fillText(`Faces in view, at most ${highest}`, 0, 8);
}

function nameHours(
  context: Surface['context'],
  at: {
    readonly width: number;
    readonly hours: number;
    readonly x: (hour: number) => number;
    readonly colours: Colours;
  },
): void {
  const { width, hours, x, colours } = at;
  const step = width < NARROW_PX ? 6 : 3;
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (let hour = 0; hour <= hours; hour += step) {
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(x(hour)) + 0.5, FACES.top);
    context.lineTo(Math.round(x(hour)) + 0.5, RULES.top + RULES.tall);
    context.stroke();
    context.fillStyle = colours.muted;
    context.textAlign = hour === 0 ? 'left' : hour + step > hours ? 'right' : 'center';
    context.fillText(`${hour}:00`, x(hour), RULES.top + RULES.tall + 11);
  }
}
