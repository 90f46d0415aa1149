import type { FacePart } from '../../domain/face-parts.js';
import { resamples, type Share, shareOf, spread } from '../../statistics/intervals.js';
import { divisionsOf } from '../divisions.js';
import { aucOf, meanAbsoluteError } from '../units/agreement.js';
import type { CoveredFace, CoverList } from './cover-list.js';
import type { StillCover } from './cover-reader.js';
import type { CoverGroup, CoversEvalReport, PartScore } from './cover-report.js';

/** A part with at most that much of it seen is covered, one with at least that much is seen. */
export const COVER_LIMITS = { covered: 0.35, seen: 0.9 } as const;

export interface CoverScoring {
  readonly list: CoverList;
  /** One per face of the list. */
  readonly readings: readonly StillCover[];
  /** Names of the divisions, in the order of each face's groups. */
  readonly by: readonly string[];
}

/** One part of one face that was read. */
interface Trial {
  /** Place in the list. */
  readonly at: number;
  /** Share that is seen, in truth and as read. */
  readonly truth: number;
  readonly visible: number;
  /** Whether mien says that it is covered. */
  readonly said: boolean;
}

const isCovered = (visible: number): boolean => visible <= COVER_LIMITS.covered;
const isSeen = (visible: number): boolean => visible >= COVER_LIMITS.seen;

const saidOf = (trials: readonly Trial[]): Share => shareOf(trials.filter(({ said }) => said).length, trials.length);

/** How well what lies before each part is told, and how often something is told that is not there. */
export function scoreCovers({ list, readings, by }: CoverScoring): Pick<
  CoversEvalReport,
  'parts' | 'all' | 'divisions'
> & {
  readonly bySubject: boolean;
} {
  const { faces, parts } = list;
  const bySubject = faces.every(({ subject }) => subject !== null);
  const draws = [...resamples(faces.map(({ subject }, at) => (bySubject ? subject! : String(at))))];
  const everyone = faces.map((face, at) => ({ face, reading: readings[at]! }));
  const divisions = divisionsOf(faces, by).map(({ by: name, groups }) => ({
    by: name,
    groups: groups.map(({ group, at }) =>
      groupOf(
        group,
        at.map((place) => everyone[place]!),
      ),
    ),
  }));
  return {
    parts: parts.map((part) => partOf(part, trialsOf(part, list, readings), draws)),
    all: groupOf('all', everyone),
    divisions,
    bySubject,
  };
}

function trialsOf(part: FacePart, { faces }: CoverList, readings: readonly StillCover[]): Trial[] {
  return faces.flatMap((face, at) => {
    const truth = face.visible.get(part);
    const read = readings[at]!.cover?.[part];
    return truth === undefined || !read ? [] : [{ at, truth, visible: read.visible, said: read.covered }];
  });
}

function partOf(part: FacePart, trials: readonly Trial[], draws: readonly Uint16Array[]): PartScore {
  const covered = trials.filter(({ truth }) => isCovered(truth));
  const seen = trials.filter(({ truth }) => isSeen(truth));
  const clear = [...covered, ...seen];
  const auc = aucOf({
    scores: clear.map(({ visible }) => -visible),
    present: clear.map(({ truth }) => isCovered(truth)),
  });
  const whole = auc(null);
  return {
    part,
    judged: trials.length,
    covered: covered.length,
    seen: seen.length,
    auc: Number.isNaN(whole) ? null : whole,
    aucInterval: spread(draws.map((times) => auc(clear.map(({ at }) => times[at]!)))),
    accuracy: shareOf(clear.filter(({ truth, said }) => isCovered(truth) === said).length, clear.length),
    told: saidOf(covered),
    falselyCovered: saidOf(seen),
    meanError:
      trials.length === 0
        ? null
        : meanAbsoluteError(
            trials.map(({ truth }) => truth),
            trials.map(({ visible }) => visible),
          ),
  };
}

/** Nothing lies before it, as far as it was judged. */
const isOpen = ({ visible }: CoveredFace): boolean => visible.size > 0 && [...visible.values()].every(isSeen);

function groupOf(
  group: string,
  some: readonly { readonly face: CoveredFace; readonly reading: StillCover }[],
): CoverGroup {
  const read = some.flatMap(({ face, reading: { cover } }) => (cover ? [{ face, cover }] : []));
  const coveredParts = read.flatMap(({ face, cover }) =>
    [...face.visible].filter(([, visible]) => isCovered(visible)).map(([part]) => cover[part].covered),
  );
  const open = read.filter(({ face }) => isOpen(face));
  const falsely = open.filter(({ face, cover }) => [...face.visible.keys()].some((part) => cover[part].covered));
  return {
    group,
    images: some.length,
    read: read.length,
    told: shareOf(coveredParts.filter(Boolean).length, coveredParts.length),
    falselyCovered: shareOf(falsely.length, open.length),
  };
}
