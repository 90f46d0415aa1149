import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import { PEOPLE_ENDING, type PeopleFile, personFinder } from '../../domain/people.js';
import type { FaceRecordJson } from '../../domain/record-fields.js';
import type { Episode } from '../../domain/records.js';
import type { Study, StudySession, StudyVideo } from '../../domain/study.js';
import { type Micros, micros } from '../../domain/units.js';
import { readJsonLines } from '../../record/json-lines.js';
import { readVideoPeople } from '../read-binding.js';
import { planOf } from '../study-run.js';
import { PersonSeriesBuilder } from './person-series.js';
import type { SessionSeries } from './session-rows.js';
import type { Signal } from './signals.js';

/** What `mien analyze` wrote of a video, before its records are read. */
export interface VideoResults {
  readonly video: StudyVideo;
  /** Folder and base name of its files. */
  readonly base: string;
  readonly people: PeopleFile;
  /** A participant's id by the number of a person. */
  readonly whose: ReadonlyMap<number, string>;
  /** Participants whom the video can show, in the order of the study file. */
  readonly participants: readonly string[];
  /** Keys of the action units that its model reads. */
  readonly units: readonly string[];
  /** Whether its records say who speaks. */
  readonly speech: boolean;
}

const parsesTo =
  <T>(...keys: readonly string[]) =>
  (value: unknown): T | null =>
    typeof value === 'object' && value !== null && keys.every((key) => key in value) ? (value as T) : null;

const RECORD_LINES = {
  parse: parsesTo<FaceRecordJson>('frame', 'ptsUs', 'track', 'label', 'emotions'),
  refusal: 'is no record; analyse the video again with --overwrite',
  fix: 'run mien study run',
};

const EPISODE_LINES = {
  parse: parsesTo<Episode>('track', 'kind', 'label', 'onsetUs', 'offsetUs'),
  refusal: 'is no episode; analyse the video again with --overwrite',
  fix: 'run mien study run',
};

/**
 * What a video's results are made of. Throws INPUT_NOT_FOUND where the video was not analysed to its end, and
 * INPUT_DAMAGED for files that mien did not write.
 */
export async function openResults(study: Study, video: StudyVideo): Promise<VideoResults> {
  const { dir, name } = planOf(study, video);
  const base = join(dir, name);
  const missing = ['.manifest.json', '.records.jsonl', '.episodes.jsonl', PEOPLE_ENDING].filter(
    (ending) => !existsSync(`${base}${ending}`),
  );
  if (missing.length > 0)
    throw new AffectError('INPUT_NOT_FOUND', `${base}${missing[0]} is missing; run mien study run`);
  const { file, binding } = await readVideoPeople(study, video);
  // Also those whom the study file names and nobody was found for: their rows say that they were not seen.
  const named = new Set([...binding.participants.values(), ...Object.values(video.people)]);
  return {
    video,
    base,
    people: file,
    whose: binding.participants,
    participants: study.participants.map(({ id }) => id).filter((id) => named.has(id)),
    units: await unitsOf(`${base}.manifest.json`),
    speech: await knowsSpeech(`${base}.records.jsonl`),
  };
}

async function unitsOf(path: string): Promise<readonly string[]> {
  try {
    const { run } = JSON.parse(await readFile(path, 'utf8')) as { run: { actionUnits: readonly string[] } };
    return [...run.actionUnits];
  } catch (error) {
    const fix = 'analyse the video again with --overwrite';
    throw new AffectError('INPUT_DAMAGED', `${path} is no manifest of mien; ${fix}`, { cause: error });
  }
}

/** Of a video without sound, or of results from before speech was read, the first face says so; a face may be too covered to say. */
async function knowsSpeech(path: string): Promise<boolean> {
  for await (const { track, speaking, missing } of readJsonLines(path, RECORD_LINES)) {
    if (track === null || speaking === null) {
      if (missing?.speaking === 'no-sound') return false;
      continue;
    }
    return speaking !== undefined;
  }
  return false;
}

/** A session all of whose videos were analysed. */
export interface ReadableSession {
  readonly session: StudySession;
  readonly videos: readonly VideoResults[];
  /** Whom any of the videos can show, in the order of the study file. */
  readonly participants: readonly string[];
}

/** Reads the people of a session: video by video, line by line. Throws as `openResults`. */
export async function readSession(
  { session, videos, participants }: ReadableSession,
  { signals, maxFrameUs }: { readonly signals: readonly Signal[]; readonly maxFrameUs: number },
): Promise<SessionSeries> {
  const builders = new Map(participants.map((id) => [id, new PersonSeriesBuilder(id, signals)]));
  for (const results of videos) await readVideo(results, builders);
  return { session, people: [...builders.values()].map((builder) => builder.finish(maxFrameUs)) };
}

async function readVideo(
  { video, base, people, whose, participants }: VideoResults,
  builders: ReadonlyMap<string, PersonSeriesBuilder>,
): Promise<void> {
  const here = participants.map((id) => [id, builders.get(id)!] as const);
  const personOf = personFinder(people);
  const participantAt = (track: number, at: Micros): string | null => {
    const person = personOf(track, at);
    return person === null ? null : (whose.get(person.person) ?? null);
  };
  const moved = (at: number): Micros => micros(at + video.offsetUs);

  for await (const episode of readJsonLines(`${base}.episodes.jsonl`, EPISODE_LINES)) {
    const { track, kind, label, onsetUs, offsetUs } = episode;
    const participant = participantAt(track, onsetUs);
    if (participant === null || offsetUs === null) continue;
    builders.get(participant)?.episode({ kind, label, onsetUs: moved(onsetUs), offsetUs: moved(offsetUs) });
  }

  let frame: Pick<FaceRecordJson, 'frame' | 'ptsUs'> | null = null as Pick<FaceRecordJson, 'frame' | 'ptsUs'> | null;
  let seen = new Map<string, FaceRecordJson>();
  const endFrame = (): void => {
    if (frame === null) return;
    for (const [id, builder] of here) builder.frame(moved(frame.ptsUs), seen.get(id) ?? null);
    seen = new Map();
  };
  for await (const record of readJsonLines(`${base}.records.jsonl`, RECORD_LINES)) {
    if (frame?.frame !== record.frame) {
      endFrame();
      frame = record;
    }
    const participant = record.track === null ? null : participantAt(record.track, micros(record.ptsUs));
    // Of two tracks that are the same person in one frame, the first counts.
    if (participant !== null && !seen.has(participant)) seen.set(participant, record);
  }
  endFrame();
  for (const [, builder] of here) builder.endVideo();
}
