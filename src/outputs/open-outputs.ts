import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';
import type { LandmarkChoice } from '../domain/face.js';
import type { VideoInfo } from '../domain/frame.js';
import { isEachTrackAPerson, type PeopleFile } from '../domain/people.js';
import type { RunInfo, RunSummary, Sink } from '../domain/records.js';
import { Tally } from '../domain/run-tally.js';
import { PeopleGatherer } from '../people/people-gatherer.js';
import { applyPeopleMap, type PeopleMap } from '../people/people-map.js';
import { combineSinks } from '../sinks/combine-sinks.js';
import { writeManifest } from '../sinks/manifest-file.js';
import { alreadyThere, unwritable, type WriteBytes } from '../sinks/output-file.js';
import { type OpenedOutput, OUTPUT_NAMES, type OutputName, type OutputTarget, outputOf } from './outputs.js';

export interface OpenOutputsOptions {
  /** Folder, which exists, and base name of the files. */
  readonly base: string;
  readonly outputs: readonly OutputName[];
  /** Where the first file of an output goes instead of beside the others; naming a place asks for the output. */
  readonly places?: Partial<Record<OutputName, string>>;
  /** Replace files of these names. */
  readonly overwrite: boolean;
  /** Landmarks in the records file; the other outputs have their own. */
  readonly landmarks: LandmarkChoice;
  readonly run: RunInfo;
  readonly video: VideoInfo;
  /** A multimodal LLM is asked: its answers get files of their own. @default false */
  readonly insights?: boolean;
  /** Who is who where mien did not see it. @default null */
  readonly peopleMap?: PeopleMap | null;
  /** Also join tracks whose faces look alike, in memory alone. @default false */
  readonly joinAppearance?: boolean;
  /** Replaces the system call of every write but the manifest's, for tests of a full disk. */
  readonly write?: WriteBytes;
}

/** The outputs of one run as one sink. */
export interface OpenOutputs {
  readonly sink: Sink;
  /** Files of each output, its first file first. */
  readonly paths: ReadonlyMap<OutputName, readonly string[]>;
  readonly manifestPath: string;
  /** After close(): how many people the tracks show; null of a run that was stopped, which joins nobody. */
  people(): number | null;
  /** After close(): why the map of people was not applied; the files then have the people as mien joined them. */
  peopleProblem(): AffectError | undefined;
  /** Gives the run up before its first frame: closes everything and removes the files, which hold nothing. */
  abandon(): Promise<void>;
}

function pathsOf(name: OutputName, { base, places, insights }: OpenOutputsOptions): string[] {
  const { endings, insightEndings = [] } = outputOf(name);
  const [first, ...others] = [...endings, ...(insights ? insightEndings : [])].map((ending) => `${base}${ending}`);
  return [places?.[name] ?? first!, ...others];
}

/** Watches a run for who is who. */
const watching = (gatherer: PeopleGatherer): Sink => ({
  name: 'people of the run',
  records: (records) => gatherer.records(records),
  episode: () => undefined,
  frame(frame) {
    gatherer.frame(frame);
    return undefined;
  },
  close: async () => undefined,
});

/** The manifest, and answers that this run does not ask for: those of an earlier run must not outlive its other files. */
async function removeStale(manifestPath: string, { base, overwrite, insights }: OpenOutputsOptions): Promise<void> {
  try {
    await rm(manifestPath, { force: true });
    if (!overwrite || insights) return;
    for (const name of OUTPUT_NAMES)
      for (const ending of outputOf(name).insightEndings ?? []) await rm(`${base}${ending}`, { force: true });
  } catch (error) {
    throw unwritable(manifestPath, error);
  }
}

/**
 * Opens the chosen outputs in the order given and, written last by close(), the manifest that describes them. Rejects
 * with OUTPUT_EXISTS, with nothing created, when a file exists and must not be replaced, and with OUTPUT_UNWRITABLE,
 * with what was created removed again. The manifest is only written when every output closed well: it stands for a
 * finished run.
 */
export async function openOutputs(options: OpenOutputsOptions): Promise<OpenOutputs> {
  const { base, run, overwrite, insights = false, write } = options;
  const manifestPath = `${base}.manifest.json`;
  const placed = Object.keys(options.places ?? {}) as OutputName[];
  const names = new Set([...options.outputs, ...placed]);
  const paths = new Map([...names].map((name) => [name, pathsOf(name, options)] as const));
  if (!overwrite)
    for (const path of [manifestPath, ...paths.values()].flat()) if (existsSync(path)) throw alreadyThere(path);
  await removeStale(manifestPath, options);

  const opened = new Map<OutputName, OpenedOutput>();
  const abandon = async (): Promise<void> => {
    const nothing = new Tally().summary('interrupted', 'the run did not begin');
    for (const [name, output] of opened) {
      await output.close(nothing).catch(() => undefined); // its files are removed anyway
      for (const path of paths.get(name)!) await rm(path, { force: true });
    }
  };
  const { landmarks, video } = options;
  const common = { base, overwrite, landmarks, run, video, insights, ...(write ? { write } : {}) };
  try {
    for (const [name, [path]] of paths) {
      const target: OutputTarget = { ...common, path: path! };
      opened.set(name, await outputOf(name).open(target));
    }
  } catch (error) {
    await abandon();
    throw error;
  }
  const gatherer = new PeopleGatherer({ source: run.source, appearance: options.joinAppearance ?? false });
  const all = combineSinks([...opened.values(), watching(gatherer)]);
  let closing: Promise<void> | undefined;
  let peopleProblem: AffectError | undefined;
  let people: number | null = null;
  const whoIsWho = (summary: RunSummary): PeopleFile => {
    if (summary.status === 'interrupted') return gatherer.decide({ join: false });
    const joined = gatherer.decide({ join: true });
    try {
      return options.peopleMap ? applyPeopleMap(joined, options.peopleMap) : joined;
    } catch (error) {
      if (!(error instanceof AffectError)) throw error;
      peopleProblem = error;
      return joined;
    }
  };
  const finish = async (summary: RunSummary): Promise<void> => {
    const who = whoIsWho(summary);
    if (summary.status !== 'interrupted') people = who.people.length;
    for (const output of opened.values()) output.people?.(who);
    await all.close(summary);
    if (!isEachTrackAPerson(who))
      for (const name of opened.keys())
        await outputOf(name).fillPersons?.({ base, overwrite, ...(write ? { write } : {}) }, who);
    const files = [...opened.values()].flatMap((output) => output.files?.() ?? []);
    await writeManifest(manifestPath, { run, summary, files });
  };
  const close = (summary: RunSummary): Promise<void> => {
    closing ??= finish(summary);
    return closing;
  };
  return {
    sink: { ...all, close },
    paths,
    manifestPath,
    people: () => people,
    peopleProblem: () => peopleProblem,
    abandon,
  };
}
