import type { JoinedBy } from '../domain/people.js';
import { elapsedSeconds } from '../domain/units.js';
import { looksApart } from './looks.js';
import type { Place, Spot, Tracklet } from './tracklet.js';

/** Why two tracks may be one person, and how far they are from surely being one: smaller is surer. */
export interface TrackLink {
  readonly by: Extract<JoinedBy, 'place' | 'scene' | 'appearance'>;
  readonly cost: number;
}

/** Longest time in seconds that a face may be out of sight and be joined by where it was last and is next. */
const SOON_SECONDS = 3;
/** How far the middle of a face may lie from where it was, in sides of the face; and the change of its size, as a natural logarithm. */
const REACH = { soon: 1, later: 1.25 } as const;
const RESIZE = { soon: 0.5, later: 0.4 } as const;
/** What an absence costs by each second, and at most: of two who fit alike, the one seen last is meant. */
const AWAY = { perSecond: 1 / 600, most: 0.2 } as const;
/** Joining by what was seen just before is surer than by the place alone. */
const LATER_COST = 0.25;

interface Change {
  /** In mean sides of the face. */
  readonly moved: number;
  readonly resized: number;
}

function changeOf(a: Place, b: Place): Change {
  const side = Math.sqrt(a.side * b.side);
  return { moved: Math.hypot(a.x - b.x, a.y - b.y) / side, resized: Math.abs(Math.log(a.side / b.side)) };
}

const within = ({ moved, resized }: Change, when: keyof typeof REACH): boolean =>
  moved <= REACH[when] && resized <= RESIZE[when];

/** Longest time in seconds for which a face is taken to go on moving as it did. */
const GOES_ON_SECONDS = 1;

/** Where a face that went out of sight is when another comes into it, if it moved as either of them did; nearest first. */
function expected(a: Tracklet, b: Tracklet, gap: number): Change {
  const drifts = [{ x: 0, y: 0 }, a.leaving, b.coming].flatMap((drift) => drift ?? []);
  const seconds = Math.min(GOES_ON_SECONDS, gap);
  const changes = drifts.map(({ x, y }) =>
    changeOf({ ...a.end, x: a.end.x + seconds * x, y: a.end.y + seconds * y }, b.start),
  );
  return changes.reduce((best, change) => (change.moved < best.moved ? change : best));
}

/** A track that ends and one that begins soon after, in the same set-up nearby or where it was going. */
function soonAfter(a: Tracklet, b: Tracklet): TrackLink | null {
  const gap = elapsedSeconds(a.seen.at(-1)!.toUs, b.seen[0]!.fromUs);
  if (gap <= 0 || gap > SOON_SECONDS || a.end.setup !== b.start.setup) return null;
  const change = expected(a, b, gap);
  return within(change, 'soon') ? { by: 'place', cost: change.moved + change.resized } : null;
}

const commonSpots = (a: Tracklet, b: Tracklet): [Spot, Spot][] =>
  a.places.flatMap((spot) =>
    b.places.flatMap((other) => (other.setup === spot.setup ? [[spot, other] as [Spot, Spot]] : [])),
  );

/** Two tracks at about the same place of a set-up, whatever was shown between them. */
function samePlace(a: Tracklet, b: Tracklet): TrackLink | null {
  const changes = commonSpots(a, b)
    .map(([one, other]) => changeOf(one, other))
    .filter((change) => within(change, 'later'))
    .sort((one, other) => one.moved + one.resized - other.moved - other.resized);
  const [nearest] = changes;
  if (!nearest) return null;
  const away = Math.max(0, elapsedSeconds(a.seen.at(-1)!.toUs, b.seen[0]!.fromUs));
  const cost = LATER_COST + nearest.moved + nearest.resized + Math.min(AWAY.most, AWAY.perSecond * away);
  return { by: 'scene', cost };
}

/** Faces less alike than `other` are not one person wherever they are; those more alike than `same` are, wherever they are. */
const APART = { same: 0.22, other: 0.6 } as const;

/**
 * The surest reason why two tracks may be one person; null where there is none. `a` begins before `b`. Appearance counts where
 * both tracks have any: it then joins what is alike, and keeps apart what is not.
 */
export function linkOf(a: Tracklet, b: Tracklet): TrackLink | null {
  const place = soonAfter(a, b) ?? samePlace(a, b);
  const apart = looksApart(a.looks, b.looks);
  if (apart === null) return place;
  if (apart > APART.other) return null;
  if (apart > APART.same) return place;
  return place && place.cost < apart ? place : { by: 'appearance', cost: apart };
}
