import type { Person, PersonTrack } from '../domain/people.js';
import { elapsedSeconds } from '../domain/units.js';
import { seenTogether } from './seen-together.js';
import { type ShotTie, shotTies } from './shot-structure.js';
import { linkOf, type TrackLink } from './track-links.js';
import type { Tracklet } from './tracklet.js';

/** Two tracks that were joined, and why. */
type Joined = Pick<ShotTie | Candidate, 'a' | 'b' | 'by'>;

/** Tracks taken for one person so far. */
interface Group {
  readonly members: readonly Tracklet[];
  /** Tracks that were seen together with a member. */
  readonly together: ReadonlySet<number>;
}

interface Candidate extends TrackLink {
  readonly a: Tracklet;
  readonly b: Tracklet;
}

/** A rival whose link is dearer by less than this could be meant as well: then nobody is joined. */
const CLEARLY = 0.5;
/** A track seen for less, in seconds, is no rival: where faces overlap, one of them is found twice for a frame or two. */
const FLEETING_SECONDS = 0.2;

const isFleeting = ({ seen }: Tracklet): boolean =>
  elapsedSeconds(seen[0]!.fromUs, seen.at(-1)!.toUs) < FLEETING_SECONDS;

function candidates(tracklets: readonly Tracklet[], together: ReadonlyMap<number, ReadonlySet<number>>): Candidate[] {
  const found: Candidate[] = [];
  for (const [at, a] of tracklets.entries()) {
    for (const b of tracklets.slice(at + 1)) {
      if (together.get(a.track)!.has(b.track)) continue;
      const link = linkOf(a, b);
      if (link) found.push({ a, b, ...link });
    }
  }
  return found.sort((x, y) => x.cost - y.cost || x.b.track - y.b.track || x.a.track - y.a.track);
}

/** Groups of tracks, joined by their surest links first. */
class Groups {
  readonly #of = new Map<number, Group>();
  readonly #links = new Map<number, Candidate[]>();

  constructor(
    tracklets: readonly Tracklet[],
    together: ReadonlyMap<number, ReadonlySet<number>>,
    links: readonly Candidate[],
  ) {
    for (const tracklet of tracklets) {
      this.#of.set(tracklet.track, { members: [tracklet], together: together.get(tracklet.track)! });
      this.#links.set(tracklet.track, []);
    }
    for (const link of links) for (const { track } of [link.a, link.b]) this.#links.get(track)!.push(link);
  }

  group(track: Tracklet): Group {
    return this.#of.get(track.track)!;
  }

  /** Whether no track of one was seen together with one of the other. */
  #mayBeOne(one: Group, other: Group): boolean {
    return !other.members.some(({ track }) => one.together.has(track));
  }

  /** Whether somebody who surely is another person could be meant as well, on either side of the link. */
  #isAmbiguous(link: Candidate): boolean {
    const [one, two] = [this.group(link.a), this.group(link.b)];
    return [link.a, link.b].some((end) =>
      this.#links.get(end.track)!.some((rival) => {
        if (rival.cost > link.cost + CLEARLY) return false;
        const other = rival.a === end ? rival.b : rival.a;
        const third = this.group(other);
        if (isFleeting(other) || third === one || third === two) return false;
        const across = end === link.a ? two : one;
        return !this.#mayBeOne(third, across) && this.#mayBeOne(third, this.group(end));
      }),
    );
  }

  /** Joins what the link names, unless it must not be or somebody else could be meant; whether it did. */
  join(link: Candidate): boolean {
    return !this.#isAmbiguous(link) && this.unite(link);
  }

  /** Joins two tracks, unless it must not be; whether it did. */
  unite({ a, b }: Pick<Candidate, 'a' | 'b'>): boolean {
    const [one, other] = [this.group(a), this.group(b)];
    if (one === other || !this.#mayBeOne(one, other)) return false;
    const joined = {
      members: [...one.members, ...other.members],
      together: new Set([...one.together, ...other.together]),
    };
    for (const { track } of joined.members) this.#of.set(track, joined);
    return true;
  }
}

/** Joins by the surest links first, again and again until nothing changes: what was ambiguous may no longer be. */
function joinAll(groups: Groups, links: readonly Candidate[]): readonly Candidate[] {
  const used: Candidate[] = [];
  let open = links;
  for (;;) {
    const left = open.filter((link) => {
      const joined = groups.join(link);
      if (joined) used.push(link);
      return !joined && groups.group(link.a) !== groups.group(link.b);
    });
    if (left.length === open.length) return used;
    open = left;
  }
}

const inOrder = (members: readonly Tracklet[]): Tracklet[] =>
  [...members].sort((a, b) => a.seen[0]!.fromUs - b.seen[0]!.fromUs || a.track - b.track);

/** How often a track that was joined for this reason was the person's, on the videos of docs/people.md. */
const CONFIDENCE: Readonly<Record<Joined['by'], number>> = {
  place: 0.99,
  scene: 0.95,
  exchange: 0.9,
  direction: 0.9,
  appearance: 0.98,
};

function personOf(group: Group, number: number, used: readonly Joined[]): Person {
  const members = [...group.members].sort((a, b) => a.track - b.track);
  const tracks = members.map(({ track }, index): PersonTrack => {
    const link = used.find(({ b }) => b.track === track) ?? used.find(({ a }) => a.track === track);
    if (index === 0 || !link) return { track, fromUs: null, toUs: null, by: 'first' };
    return { track, fromUs: null, toUs: null, by: link.by, confidence: CONFIDENCE[link.by] };
  });
  return { person: number, name: null, tracks };
}

/**
 * The people of a video: tracks that are one person, by place, time and set-up, and by appearance where tracklets have any. Tracks
 * seen together are never joined, and none where somebody else could be meant as well. Numbered as they were first seen.
 */
export function joinTracks(all: readonly Tracklet[]): readonly Person[] {
  const tracklets = inOrder(all);
  const together = seenTogether(tracklets);
  const links = candidates(tracklets, together);
  const groups = new Groups(tracklets, together, links);
  const used: Joined[] = [...joinAll(groups, links)];
  const persons = (): Group[] => [...new Set(tracklets.map((tracklet) => groups.group(tracklet)))];
  const people = persons().map(({ members }) => inOrder(members));
  for (const tie of shotTies(people, together)) if (groups.unite(tie)) used.push(tie);
  return persons().map((group, index) => personOf(group, index + 1, used));
}
