import { existsSync } from 'node:fs';
import { actionUnit } from '../domain/action-units.js';
import { counted } from '../domain/counted.js';
import { isEachTrackAPerson, type PeopleFile, personFinder, personWords } from '../domain/people.js';
import type { Episode } from '../domain/records.js';
import { micros } from '../domain/units.js';
import { pathOfElanUrl } from '../elan/links.js';
import { readEaf } from '../elan/read-eaf.js';
import { actionUnitStem } from '../record/leaves.js';
import { EAF_ENDING, openEafFile } from './eaf-file.js';
import { ELAN_MAX_FACES, ELAN_RATE_HZ, elanSignals, openElanTracks, TRACKS_ENDING } from './elan-tracks.js';
import type { FileSink } from './file-sink.js';
import { closeAll, discard, openLineFile } from './line-file.js';
import type { SinkTarget } from './output-file.js';
import { rewriteRecords } from './person-cells.js';
import { groupedStretches, type UnitInterval, type UnitStretch, unitInterval, wholeMs } from './unit-stretches.js';

/** Action unit episodes held until close, some 150 bytes each. More are counted, left out here, and named in the manifest. */
export const ELAN_MAX_UNIT_EPISODES = 100_000;

const INTERVALS_ENDING = '.elan-intervals.tsv';
const HEADER = ['Tier', 'Begin Time - msec', 'End Time - msec', 'Duration - msec', 'Annotation', 'Peak', 'Confidence'];

/** One annotation: tier = person and kind of signal, whole milliseconds, at least 1 ms long. */
export function intervalLine(episode: Episode): string {
  const { beginMs: begin, endMs: end } = wholeMs(episode);
  const label = episode.label.replace(/[\s\p{Cc}]+/gu, ' ');
  const tier = `Person ${episode.track} ${episode.kind}`;
  return [tier, begin, end, end - begin, label, episode.peak.toFixed(3), episode.confidence.toFixed(3)].join('\t');
}

/** One annotation of units that were active together: "AU6+AU12". Peak of the strongest, confidence of the least sure. */
export function stretchLine(tier: string, { beginMs, endMs, units }: UnitStretch): string {
  const label = units.map(({ key }) => `AU${key}`).join('+');
  const peak = Math.max(...units.map((unit) => unit.peak)).toFixed(3);
  const confidence = Math.min(...units.map((unit) => unit.confidence)).toFixed(3);
  return [tier, beginMs, endMs, endMs - beginMs, label, peak, confidence].join('\t');
}

const unitTier = ({ track, region }: UnitInterval): string => `Person ${track} AU ${region ?? 'other'}`;

/** Gives a line, whose tier names a track, the tier of its person; null where the face is nobody's. */
function lineOfPerson(who: PeopleFile): (line: string) => string | null {
  const personOf = personFinder(who);
  return (line) => {
    const [tier = '', begin = '', ...rest] = line.split('\t');
    const [, track, kind] = /^Person (\d+) (.+)$/.exec(tier) ?? [];
    if (track === undefined) return line;
    const person = personOf(Number(track), micros(Number(begin) * 1000));
    return person && [`${personWords(person)} ${kind}`, begin, ...rest].join('\t');
  };
}

/**
 * The video that the ELAN file of results links; where there is none (of an older mien) the base name itself, for which ELAN asks.
 * Rejects with INPUT_DAMAGED.
 */
export async function linkedVideo(base: string): Promise<string> {
  const path = `${base}${EAF_ENDING}`;
  if (!existsSync(path)) return base;
  const { mediaUrl } = await readEaf(path);
  return mediaUrl === null ? base : pathOfElanUrl(mediaUrl);
}

/**
 * `<base>.elan-intervals.tsv` (ELAN: import tab-delimited text, skip one line), `<base>.elan-tracks.csv` (ELAN: linked file,
 * secondary, time series; time in the first column), and `<base>.eaf`, which has both in it and only needs to be opened.
 */
export async function createElanSink(
  target: SinkTarget,
  options: {
    readonly videoPath: string;
    readonly actionUnits?: readonly string[];
    /** Where the files will be found, if they are moved afterwards. */
    readonly linkedAs?: string;
    readonly maxUnitEpisodes?: number;
  },
): Promise<FileSink> {
  const { videoPath, actionUnits = [], linkedAs = target.base, maxUnitEpisodes = ELAN_MAX_UNIT_EPISODES } = options;
  const intervals = await openLineFile(target, INTERVALS_ENDING);
  const tracks = await openElanTracks(target, actionUnits).catch(async (error: unknown) => {
    await discard(intervals);
    throw error;
  });
  const eaf = await openEafFile(target, {
    videoPath,
    tracksEnding: TRACKS_ENDING,
    actionUnits,
    linkedAs,
  }).catch(async (error) => {
    for (const file of [intervals, tracks]) await discard(file);
    throw error;
  });
  intervals.write(`${HEADER.join('\t')}\n`);
  const units: UnitInterval[] = [];
  let leftOut = 0;
  let who: PeopleFile | null = null;
  let closing: Promise<void> | undefined;

  const episode = (each: Episode): Promise<void> | void => {
    eaf.episode(each);
    if (each.kind !== 'action-unit') return intervals.write(`${intervalLine(each)}\n`);
    const interval = unitInterval(each);
    if (interval === null) return;
    if (units.length < maxUnitEpisodes) units.push(interval);
    else leftOut++;
  };
  const finish = async (): Promise<void> => {
    try {
      for (const [tier, stretch] of groupedStretches(units, unitTier))
        await intervals.write(`${stretchLine(tier, stretch)}\n`);
      units.length = 0;
      await closeAll([intervals, tracks]);
      await eaf.write(tracks.persons(), elanSignals(actionUnits).length);
    } finally {
      await closeAll([intervals, tracks, eaf]);
    }
    if (who) await rewriteRecords(target, INTERVALS_ENDING, lineOfPerson(who));
  };
  return {
    name: 'elan',
    records: (batch) => tracks.add(batch),
    episode,
    people(told) {
      eaf.people(told);
      who = isEachTrackAPerson(told) ? null : told;
      if (who) tracks.people(who);
    },
    close() {
      closing ??= finish();
      return closing;
    },
    files: () => [
      ...elanFiles({
        intervals: intervals.path,
        tracks: tracks.path,
        actionUnits,
        leftOut,
        facesLeftOut: tracks.facesLeftOut(),
        maxUnitEpisodes,
      }),
      ...eaf.files(),
    ],
  };
}

/** What a manifest says of the two files. */
function elanFiles(written: {
  readonly intervals: string;
  readonly tracks: string;
  readonly actionUnits: readonly string[];
  readonly maxUnitEpisodes: number;
  /** Action unit episodes and faces that have no place in them. */
  readonly leftOut: number;
  readonly facesLeftOut: number;
}): ReturnType<FileSink['files']> {
  const { intervals, tracks, actionUnits, maxUnitEpisodes, leftOut, facesLeftOut } = written;
  return [
    {
      path: intervals,
      format: 'ELAN tab-delimited text, one line per episode',
      contents: {
        Tier: 'person and kind of signal',
        'Begin, End, Duration': 'milliseconds of media time',
        Annotation: 'label',
        Peak: 'highest smoothed value, 0..1',
        Confidence: 'mean smoothed probability of the label, 0..1',
        ...(actionUnits.length > 0
          ? {
              'tiers "AU upper face", "AU lower face"':
                'action units active together, as AU1+AU2; a new annotation whenever the set changes. Peak: intensity / 5 ' +
                'of the strongest of their episodes; Confidence: of the least sure. AU45 is in the blink tier only',
            }
          : {}),
      },
      ...(leftOut > 0 ? { empty: { [`${leftOut} action unit episodes`]: `beyond the first ${maxUnitEpisodes}` } } : {}),
    },
    {
      path: tracks,
      format: `ELAN time series, CSV, ${ELAN_RATE_HZ} rows per second`,
      contents: {
        time_s: 'seconds of media time, uniform',
        'p<person>_<emotion>': 'smoothed probability 0..1, linear between neighbouring frames',
        'p<person>_valence_derived, p<person>_arousal_derived':
          '-1..1, smoothed, derived from the emotion distribution',
        ...Object.fromEntries(
          actionUnits.map((key) => [
            `p<person>_${actionUnitStem(key)}_intensity`,
            `${actionUnit(key).code} ${actionUnit(key).name}: smoothed intensity, 0 absent .. 5 maximum`,
          ]),
        ),
      },
      empty: {
        cells: 'the face had no reading at that time',
        ...(facesLeftOut > 0
          ? {
              [counted(facesLeftOut, 'face')]:
                `only the ${ELAN_MAX_FACES} faces read longest have columns; all are in the intervals and records`,
            }
          : {}),
      },
    },
  ];
}
