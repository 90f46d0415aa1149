import { isBlinkUnit } from '../domain/action-units.js';
import { EMOTIONS } from '../domain/affect.js';
import { counted } from '../domain/counted.js';
import { type PeopleFile, personFinder } from '../domain/people.js';
import type { Episode } from '../domain/records.js';
import { elanLink, type SeriesColumn, seriesConfiguration } from '../elan/links.js';
import { type EafContent, type EafEntry, eafText } from '../elan/write-eaf.js';
import { EMOTION_COLOURS } from '../view/palette.js';
import { ELAN_SIGNALS } from './elan-tracks.js';
import type { FileDescription } from './file-sink.js';
import { closeAll, discard } from './line-file.js';
import { type OutputFile, openOutputFile, type SinkTarget } from './output-file.js';

/** Episodes held until close, some 150 bytes each. More are counted, left out, and named in the manifest. */
export const EAF_MAX_EPISODES = 100_000;

/** Endings of both files after the base name. */
export const EAF_ENDING = '.eaf';
const SERIES_ENDING = '_tsconf.xml';

const NO_EMOTION_COLOUR = '#2a7f78';

/** Columns of the track file that ELAN draws at once: emotions, valence and arousal of each face. */
function seriesColumns(tracks: readonly number[], signals: number): SeriesColumn[] {
  return tracks.flatMap((track, at) =>
    ELAN_SIGNALS.map((signal, index) => {
      const emotion = EMOTIONS.find((name) => name === signal);
      return {
        column: 1 + at * signals + index,
        name: `p${track}_${signal}`,
        min: emotion ? 0 : -1,
        max: 1,
        colour: emotion ? EMOTION_COLOURS.light[emotion] : NO_EMOTION_COLOUR,
      };
    }),
  );
}

/** The ELAN file of a run. */
export interface EafFile {
  episode(episode: Episode): void;
  /** Who is who; until it is said, each track is a person. */
  people(who: PeopleFile): void;
  /**
   * Writes it, once the track file is there.
   *
   * @param faces - with columns in the track file, in their order
   * @param signals - columns of each
   */
  write(faces: readonly number[], signals: number): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
  files(): readonly FileDescription[];
}

/**
 * `<base>.eaf`, which ELAN opens as it is: the video, a tier for each person and signal, and the track file beside it, drawn as
 * `<base>_tsconf.xml` says. Neither file is ever there in part: what the
 * disk refuses stays empty. Rejects with OUTPUT_EXISTS or OUTPUT_UNWRITABLE.
 */
export async function openEafFile(
  target: SinkTarget,
  options: {
    readonly videoPath: string;
    readonly tracksEnding: string;
    readonly actionUnits: readonly string[];
    /** Folder and base name under which the files will be found; those of the target unless they are moved afterwards. */
    readonly linkedAs?: string;
    readonly maxEpisodes?: number;
  },
): Promise<EafFile> {
  const { videoPath, tracksEnding, actionUnits, linkedAs = target.base, maxEpisodes = EAF_MAX_EPISODES } = options;
  const found = {
    eaf: `${linkedAs}${EAF_ENDING}`,
    tracks: `${linkedAs}${tracksEnding}`,
    series: `${linkedAs}${SERIES_ENDING}`,
  };
  const eaf = await openOutputFile(target, EAF_ENDING);
  const series = await openOutputFile(target, SERIES_ENDING).catch(async (error: unknown) => {
    await discard(eaf);
    throw error;
  });
  const entries: EafEntry[] = [];
  let leftOut = 0;
  let who: PeopleFile | null = null;

  const contentOf = (faces: readonly number[], linked: EafContent['linked']): EafContent => ({
    media: elanLink(videoPath, found.eaf),
    linked,
    ...(who === null ? ofTracks(entries, faces) : ofPersons(entries, who)),
    units: actionUnits.filter((key) => !isBlinkUnit(key)),
    properties: {},
  });
  return {
    episode({ track, kind, label, onsetUs, apexUs, offsetUs }) {
      // A blink has an episode of its own.
      if (isBlinkUnit(label)) return;
      if (entries.length >= maxEpisodes) leftOut += 1;
      else entries.push({ person: track, kind, label, rater: null, onsetUs, offsetUs: offsetUs ?? apexUs });
    },
    people(decided) {
      who = decided;
    },
    async write(faces, signals) {
      const links = [found.tracks, found.series].map((path) => elanLink(path, found.eaf));
      await appendWhole(series, seriesConfiguration(found.tracks, seriesColumns(faces, signals)));
      await appendWhole(eaf, [...eafText(contentOf(faces, links))].join(''));
    },
    close: () => closeAll([eaf, series]),
    files: () => eafFiles({ eaf: eaf.path, series: series.path, leftOut, maxEpisodes }),
  };
}

type Said = Pick<EafContent, 'people' | 'entries'>;

/** Each track is a person: those with a column or an episode. */
function ofTracks(entries: readonly EafEntry[], faces: readonly number[]): Said {
  const tracks = new Set([...faces, ...entries.map(({ person }) => person)]);
  return { entries, people: [...tracks].sort((a, b) => a - b).map((person) => ({ person, name: null })) };
}

/** Entries as they were held name tracks. Those of nobody are left out. */
function ofPersons(entries: readonly EafEntry[], who: PeopleFile): Said {
  const find = personFinder(who);
  return {
    people: who.people,
    entries: entries.flatMap((entry) => {
      const found = find(entry.person, entry.onsetUs);
      return found ? [{ ...entry, person: found.person }] : [];
    }),
  };
}

/** All of a text, or nothing. */
function appendWhole(file: OutputFile, text: string): Promise<void> {
  const bytes = Buffer.from(text, 'utf8');
  return file.append(bytes, (written) => (written === bytes.byteLength ? written : 0));
}

function eafFiles(written: {
  readonly eaf: string;
  readonly series: string;
  readonly leftOut: number;
  readonly maxEpisodes: number;
}): FileDescription[] {
  const { eaf, series, leftOut, maxEpisodes } = written;
  return [
    {
      path: eaf,
      format: 'ELAN annotation format 3.0',
      contents: {
        'tiers "Person <n> emotion", "blink", "speech"': 'labels; whole milliseconds of media time',
        'tiers "Person <n> AU<m>"': 'one action unit each, as they overlap; AU45 is in the blink tier',
      },
      empty: {
        'peak, confidence': 'ELAN has no place for them: they are in the intervals and the episodes',
        ...(leftOut > 0 ? { [counted(leftOut, 'episode')]: `beyond the first ${maxEpisodes}` } : {}),
      },
    },
    {
      path: series,
      format: 'ELAN time series configuration',
      contents: { track: 'which columns of the tracks ELAN draws: emotions, valence and arousal of each face' },
    },
  ];
}
