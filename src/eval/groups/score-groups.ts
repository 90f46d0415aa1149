import { EMOTIONS } from '../../domain/affect.js';
import { shareOf } from '../../statistics/intervals.js';
import { divisionsOf } from '../divisions.js';
import { topClass } from '../metrics.js';
import { validityCounts } from '../read-stills.js';
import { PRESENT, type StillReading } from '../still-reader.js';
import type { Division, GroupScore } from './group-report.js';
import type { GroupedFace } from './grouped-faces.js';

/** A picture and what mien says of it. */
interface ReadFace {
  readonly face: GroupedFace;
  readonly reading: StillReading;
}

export interface GroupScoring {
  readonly faces: readonly GroupedFace[];
  /** One per face. */
  readonly readings: readonly StillReading[];
  /** Names of the divisions, in the order of each face's groups. */
  readonly by: readonly string[];
  /** FACS numbers that mien measures. */
  readonly units: readonly string[];
}

/** All pictures together, and each group of each division; pictures without a group in a division are left out of it. */
export function scoreGroups({ faces, readings, by, units }: GroupScoring): {
  readonly all: GroupScore;
  readonly divisions: readonly Division[];
} {
  const read = faces.map((face, at): ReadFace => ({ face, reading: readings[at]! }));
  const divisions = divisionsOf(faces, by).map(
    ({ by: name, groups }): Division => ({
      by: name,
      groups: groups.map(({ group, at }) =>
        scoreOf(
          group,
          at.map((place) => read[place]!),
          units,
        ),
      ),
    }),
  );
  return { all: scoreOf('all', read, units), divisions };
}

function scoreOf(group: string, all: readonly ReadFace[], units: readonly string[]): GroupScore {
  const images = all.length;
  const read = all.flatMap(({ face, reading: { emotions, actionUnits } }) =>
    emotions && actionUnits ? [{ truth: face.truth, emotions, actionUnits, top: topClass(emotions) }] : [],
  );
  const labelled = all.every(({ face }) => face.truth !== null);
  return {
    group,
    images,
    found: shareOf(all.filter(({ reading }) => reading.validity !== 'no-face').length, images),
    read: shareOf(read.length, images),
    validity: validityCounts(all.map(({ reading }) => reading)),
    right: labelled ? shareOf(read.filter(({ truth, top }) => truth === top).length, images) : null,
    meanEmotions: EMOTIONS.map((_, emotion) =>
      read.length === 0 ? null : read.reduce((sum, { emotions }) => sum + emotions[emotion]!, 0) / read.length,
    ),
    topEmotions: EMOTIONS.map((_, emotion) => shareOf(read.filter(({ top }) => top === emotion).length, read.length)),
    unitsPresent: units.map((unit) =>
      shareOf(read.filter(({ actionUnits }) => (actionUnits[unit]?.presence ?? 0) >= PRESENT).length, read.length),
    ),
  };
}
