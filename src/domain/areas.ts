/** A corner of an area, as shares of the picture's width and height: 0, 0 is its upper left, 1, 1 its lower right. */
export type Corner = readonly [x: number, y: number];

/** A polygon in a camera's picture, as it is read: after `rotate`. Its corners in order; the last joins the first. */
export interface Area {
  readonly name: string;
  readonly points: readonly Corner[];
}

/** What a camera does not look at, and the places of it that have names. */
export interface Areas {
  /** Drawn black before anything reads the picture. */
  readonly masks: readonly Area[];
  /** Faces in them are told with their names. */
  readonly zones: readonly Area[];
}

export const NO_AREAS: Areas = { masks: [], zones: [] };

/** How many masks a camera may have, or zones, and how many corners one of them. */
export const MOST_AREAS = 32;
export const CORNERS = { least: 3, most: 64 } as const;

/** No comma or semicolon: tables write several names into one cell. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} _.-]{0,38}[\p{L}\p{N}])?$/u;
export const AREA_NAME_WORDS = '1 to 40 letters, digits, spaces, ".", "_" and "-", with a letter or digit at both ends';

/** Pure: the first thing that is wrong with a list of areas, in a few words that repeat nothing of it; null when nothing is. */
export function areasProblem(areas: unknown): string | null {
  if (!Array.isArray(areas)) return 'must be a list';
  if (areas.length > MOST_AREAS) return `has more than ${MOST_AREAS} areas`;
  const names = new Set<unknown>();
  for (const [index, area] of areas.entries()) {
    const problem = areaProblem(area);
    if (problem !== null) return `in area ${index + 1}: ${problem}`;
    const { name } = area as Area;
    if (names.has(name)) return `in area ${index + 1}: its name is that of an earlier one; names are unique`;
    names.add(name);
  }
  return null;
}

function areaProblem(area: unknown): string | null {
  if (typeof area !== 'object' || area === null) return 'must have a name and points';
  const { name, points, ...rest } = area as Readonly<Record<string, unknown>>;
  if (Object.keys(rest).length > 0) return 'has keys beside name and points; remove them';
  if (typeof name !== 'string' || !NAME.test(name)) return `its name must be ${AREA_NAME_WORDS}`;
  if (!Array.isArray(points) || points.length < CORNERS.least || points.length > CORNERS.most)
    return `points must be ${CORNERS.least} to ${CORNERS.most} corners, each [x, y]`;
  return points.every(isCorner) ? null : 'each corner must be [x, y], shares of the picture from 0 to 1';
}

const isCorner = (corner: unknown): boolean =>
  Array.isArray(corner) &&
  corner.length === 2 &&
  corner.every((share) => typeof share === 'number' && share >= 0 && share <= 1);

const SHARE_DIGITS = 4;

/** Pure: areas with the corners that files keep: to a pixel of a picture 10,000 wide. */
export function roundAreas({ masks, zones }: Areas): Areas {
  const rounded = (share: number): number => Number(share.toFixed(SHARE_DIGITS));
  const kept = ({ name, points }: Area): Area => ({ name, points: points.map(([x, y]) => [rounded(x), rounded(y)]) });
  return { masks: masks.map(kept), zones: zones.map(kept) };
}
