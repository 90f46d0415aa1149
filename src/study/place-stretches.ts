import type { ExcludedRange, Marker, Participant, StudyVideo } from '../domain/study.js';
import { type Micros, micros } from '../domain/units.js';
import type { Findings } from './findings.js';
import { unknownParticipant } from './participants.js';
import { timeText } from './session-time.js';
import { type Stretch, stretchText } from './stretch.js';

/** What containers tell of their length may be off by some pictures. */
const SLACK_US = 100_000;

/** The session that stretches are of, as far as it is known. */
export interface SessionFrame {
  readonly videos: readonly StudyVideo[];
  readonly participants: readonly Participant[];
  readonly findings: Findings;
}

interface Placed extends Stretch {
  readonly toUs: Micros;
}

/** Markers in session time, in its order. Those that are wrong are told, and left out. */
export function placeMarkers(stretches: readonly Stretch[], session: SessionFrame): readonly Marker[] {
  const placed = closed(inSession(stretches, session), session);
  const { findings } = session;
  const seen = new Map<string, string>();
  const markers = inside(placed, session).map((stretch): Marker => {
    const { id: given, text, kind, fromUs, toUs, participant, at } = stretch;
    const before = given === null ? undefined : seen.get(given);
    if (before !== undefined)
      findings.problem(at('id'), `"${given}" is the id of another marker of this session, too (${before})`);
    const id = given ?? unused(text!, seen);
    seen.set(id, at('from').where);
    return { id, label: text!, kind: kind ?? DEFAULT_KIND, fromUs, toUs, participant };
  });
  tellOverlaps(placed, findings);
  return markers;
}

/** Excluded ranges in session time, in its order. Those that are wrong are told, and left out. */
export function placeExcluded(stretches: readonly Stretch[], session: SessionFrame): readonly ExcludedRange[] {
  return inside(closed(inSession(stretches, session), session), session).map(({ fromUs, toUs, text, participant }) => ({
    fromUs,
    toUs,
    reason: text!,
    participant,
  }));
}

const DEFAULT_KIND = 'question';

/** `Q1`, `Q1-2` … */
function unused(label: string, seen: ReadonlyMap<string, string>): string {
  let id = label;
  for (let n = 2; seen.has(id); n++) id = `${label}-${n}`;
  return id;
}

/** Times of a video's own made those of the session; sorted. Unknown videos and participants are told. */
function inSession(
  stretches: readonly Stretch[],
  { videos, participants, findings }: SessionFrame,
): readonly Stretch[] {
  return stretches
    .flatMap((stretch) => {
      const { video, participant, at } = stretch;
      if (participant !== null && !participants.some(({ id }) => id === participant))
        findings.problem(at('participant'), unknownParticipant(participant, participants));
      const offset = video === null ? 0 : videos.find(({ id }) => id === video)?.offsetUs;
      if (offset === undefined) {
        const ids = videos.map(({ id }) => id).join(', ');
        findings.problem(at('video'), `"${video}" is no video of this session; it has ${ids}`);
        return [];
      }
      const { fromUs, toUs } = stretch;
      return [{ ...stretch, fromUs: micros(fromUs + offset), toUs: toUs === null ? null : micros(toUs + offset) }];
    })
    .sort((a, b) => a.fromUs - b.fromUs);
}

const goWith = (a: Stretch, b: Stretch): boolean => a.kind === b.kind && a.participant === b.participant;

/** Open ends closed: by the next of its kind, else by the end of the session. */
function closed(stretches: readonly Stretch[], session: SessionFrame): readonly Placed[] {
  const { to } = spanOf(session.videos);
  return stretches.flatMap((stretch, index) => {
    const next = stretches.slice(index + 1).find((other) => goWith(other, stretch) && other.fromUs > stretch.fromUs);
    const toUs = stretch.toUs ?? next?.fromUs ?? to;
    if (toUs === null) {
      session.findings.problem(stretch.at('to'), 'missing, and the end of the session is not known; give it');
      return [];
    }
    if (stretch.toUs !== null && stretch.fromUs >= toUs) {
      session.findings.problem(
        stretch.at('from'),
        `${stretchText(stretch.fromUs, toUs)}: ends before it begins; exchange from and to`,
      );
      return [];
    }
    return [{ ...stretch, toUs }];
  });
}

/** When a session begins and ends; null where a video does not tell. */
function spanOf(videos: readonly StudyVideo[]): { readonly from: Micros; readonly to: Micros | null } {
  const ends = videos.map(({ offsetUs, durationUs }) => (durationUs === null ? null : offsetUs + durationUs));
  const known = ends.filter((end) => end !== null);
  const from = micros(Math.min(0, ...videos.map(({ offsetUs }) => offsetUs)));
  return { from, to: known.length === ends.length && known.length > 0 ? micros(Math.max(...known)) : null };
}

/** Those that lie in the session. */
function inside(stretches: readonly Placed[], { videos, findings }: SessionFrame): readonly Placed[] {
  const { from, to } = spanOf(videos);
  return stretches.filter(({ at, fromUs, toUs }) => {
    if (fromUs >= from && fromUs < toUs && (to === null || toUs <= to + SLACK_US)) return true;
    const fix = 'put its times right, or the offset of its video';
    findings.problem(
      at('from'),
      `${fromUs < toUs ? stretchText(fromUs, toUs) : timeText(fromUs)} is not in the session, which is ${to === null ? `from ${timeText(from)} on` : stretchText(from, to)}; ${fix}`,
    );
    return false;
  });
}

function tellOverlaps(markers: readonly Placed[], findings: Findings): void {
  for (const [index, marker] of markers.entries()) {
    const over = markers.slice(0, index).find((other) => other.toUs > marker.fromUs && goWith(other, marker));
    if (!over) continue;
    const other = `"${over.text}" (${over.at('from').where}, ${stretchText(over.fromUs, over.toUs)})`;
    findings.problem(
      marker.at('from'),
      `"${marker.text}" (${stretchText(marker.fromUs, marker.toUs)}) overlaps ${other}; end that earlier, or give one another kind`,
    );
  }
}
