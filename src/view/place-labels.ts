/** Pixels of one picture, y down. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A face and the sizes of its labels, most important first. */
export interface LabelledFace {
  readonly box: Rect;
  readonly labels: readonly { readonly width: number; readonly height: number }[];
}

/**
 * Pure: where the labels of each face go, in the order given; earlier faces choose first. A label stands above its face, below it or in it,
 * whichever first covers no other head and no other label, else where it covers least of them; always within the
 * frame, as far as it fits.
 *
 * @param gap - between a face and a label above or below it
 */
export function placeLabels(faces: readonly LabelledFace[], frame: Rect, gap = 0): Rect[][] {
  const placed: Rect[] = [];
  return faces.map(({ box, labels }, own) => {
    const others = faces.filter((_, at) => at !== own).map((face) => headOf(face.box));
    return labels.map((label) => {
      let best: { readonly rect: Rect; readonly covered: number } | undefined;
      for (const rect of candidates(box, label, frame, gap)) {
        const covered = [...others, ...placed].reduce((sum, other) => sum + overlap(rect, other), 0);
        if (!best || covered < best.covered) best = { rect, covered };
        if (covered === 0) break;
      }
      placed.push(best!.rect);
      return best!.rect;
    });
  });
}

/** A face with its hair, which its box ends below. */
function headOf({ left, top, right, bottom }: Rect): Rect {
  return { left, top: top - (bottom - top) / 4, right, bottom };
}

/** Best first: above, below, then a row further off, then in the box; each from its left edge, then from its right. */
function candidates(
  box: Rect,
  { width, height }: { readonly width: number; readonly height: number },
  frame: Rect,
  gap: number,
): Rect[] {
  const above = box.top - gap - height;
  const below = box.bottom + gap;
  const rows = [above, below, above - height, below + height, box.top, box.bottom - height, box.top + height];
  const inside = rows.filter((top) => top >= frame.top && top + height <= frame.bottom);
  // Nothing fits where the box fills the frame and more, or lies outside.
  const tops = inside.length > 0 ? inside : [within(below, frame.top, frame.bottom - height)];
  return tops.flatMap((top) =>
    [box.left, box.right - width].map((wanted) => {
      const left = within(wanted, frame.left, frame.right - width);
      return { left, top, right: left + width, bottom: top + height };
    }),
  );
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** Area that two rectangles share. */
function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
