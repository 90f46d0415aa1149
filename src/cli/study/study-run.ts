import { DEFAULT_DETECTOR } from '../../domain/detector.js';
import { AffectError } from '../../domain/errors.js';
import type { Logger } from '../../domain/logger.js';
import type { Study, StudyVideo } from '../../domain/study.js';
import { readManifest } from '../../models/registry.js';
import { mienVersion } from '../../package-info.js';
import { isSomeones, type PeopleMap, readPeopleMap } from '../../people/people-map.js';
import { modelsFor } from '../../pipeline/model-runtime.js';
import type { MayBeSeen } from '../../recording/hide-others.js';
import { namePeople } from '../../recording/name-people.js';
import type { OutputPlan } from '../../recording/output-plan.js';
import { hasJournal, isComplete } from '../../recording/what-is-there.js';
import { type SessionVideo, videosOf } from '../../study/choose-videos.js';
import { markFile } from '../../study/file-mark.js';
import { holdStudy } from '../../study/hold-study.js';
import { loadStudy } from '../../study/load-study.js';
import { optionsMadeWith } from '../../study/numbers/options-made-with.js';
import { taskOf, type VideoTask } from '../../study/plan-run.js';
import { RunKeeper } from '../../study/run-keeper.js';
import { type MadeFrom, planOf, readRun, type VideoRun, writeRun } from '../../study/study-run.js';
import { Batch, type OfVideo } from '../analyze-batch.js';
import { analyzeQueue, noteFailure, type Outcome } from '../analyze-queue.js';
import { errorText, failureOf } from '../describe-error.js';
import { engineOfFlags } from '../engine-of-flags.js';
import { readingOf } from '../read-analyze-flags.js';
import { runTold, type Told } from '../run-told.js';
import { analyzeFlagsOf, type StudyRunFlags } from './study-flags.js';
import { StudyProgress } from './study-progress.js';
import { makeTables } from './study-tables.js';

/** A video with what is to be done with it. */
interface Queued extends SessionVideo {
  readonly plan: OutputPlan;
  readonly madeFrom: MadeFrom;
  /** Its map of people, and what tells that from another. */
  readonly peopleMap: PeopleMap | null;
  readonly map: string | null;
  readonly task: VideoTask;
}

/** `mien study run`: analyses what is missing or has changed, then makes numbers and report; resolves to the exit code of the first that failed. */
export function runStudy(file: string, flags: StudyRunFlags): Promise<number> {
  return runTold(flags, (told) => runOne(file, flags, told));
}

async function runOne(file: string, flags: StudyRunFlags, told: Told): Promise<unknown> {
  const { log, stopper } = told;
  const study = await loadStudy(file);
  await refuseForgotten(study);
  const chosen = videosOf(study, flags.only);
  const held = await holdStudy(study, { signal: stopper.signal, say: (line) => log.info(line) });
  try {
    return await runHeld(study, { chosen, flags, told: { ...told, lost: held.lost } });
  } finally {
    await held.release();
  }
}

async function runHeld(
  study: Study,
  {
    chosen,
    flags,
    told,
  }: {
    readonly chosen: readonly SessionVideo[];
    readonly flags: StudyRunFlags;
    readonly told: Told & { readonly lost: AbortSignal };
  },
): Promise<unknown> {
  const { log, tally, stopper, lost } = told;
  const keeper = new RunKeeper(await readRun(study), (run) => writeRun(study, run));
  const { queue, unreadable } = await queueOf(study, chosen, keeper);
  tally.videos = chosen.length;
  for (const { plan, error } of unreadable) {
    told.reporter.failed({ plan, error });
    noteFailure(plan, error, told);
  }
  for (const { plan, task } of queue) tellTask(plan, task, log);
  for (const queued of queue.filter(({ task }) => task.type === 'name')) {
    await namePeople(queued.plan.dir, queued.peopleMap, stopper.signal);
    await keeper.keep({ ...keeper.of(queued.plan.name)!, map: queued.map });
  }
  const hopeless = new AbortController();
  const signal = AbortSignal.any([stopper.signal, hopeless.signal, lost]);
  const analyzeFlags = analyzeFlagsOf(study, flags);
  const mllmEngine = await engineOfFlags(analyzeFlags);
  const batch = new Batch({
    flags: analyzeFlags,
    reading: await readingOf(analyzeFlags),
    mllmEngine,
    peopleMap: null,
    prompts: {},
    signal,
    log,
  });
  const byPlan = new Map(queue.map((queued) => [queued.plan, queued]));
  const progress = new StudyProgress(
    queue
      .filter(({ task }) => task.type === 'analyze')
      .map(({ plan, video }) => [plan.name, video.durationUs] as const),
    (line) => log.info(line),
  );
  try {
    await analyzeQueue([...byPlan.keys()], {
      ...{ batch, jobs: flags.jobs, signal, giveUp: (error) => hopeless.abort(error), ...told },
      isDone: (plan) => byPlan.get(plan)!.task.type !== 'analyze',
      ofVideo: (plan) => ofVideo(byPlan.get(plan)!, study),
      begun: (plan) => keeper.keep(accountOf(byPlan.get(plan)!, 'begun')),
      ended: async (plan, outcome) => {
        await keeper.keep(accountOf(byPlan.get(plan)!, outcome));
        progress.ended(plan.name);
      },
    });
    lost.throwIfAborted();
  } finally {
    await mllmEngine?.close();
    await batch.close();
  }
  for (const { plan, task } of queue)
    if (task.type !== 'analyze' && keeper.of(plan.name)?.state === 'damaged') noteDamaged(plan, told);
  if (!stopper.signal.aborted) {
    const tables = await makeTables(study, await optionsMadeWith(study), (line) => log.info(line));
    if (tables) log.info(`numbers and report of the study: ${tables.report}`);
  }
  return tally.failures[0]?.error ?? (tally.done < tally.videos ? stopper.signal.reason : undefined);
}

function tellTask({ name }: OutputPlan, task: VideoTask, log: Logger): void {
  if (task.type === 'analyze' && task.why !== 'new') log.info(`${name}: analysed again: ${task.why}`);
  if (task.type === 'name') log.info(`${name}: its files name the people of its new map`);
  if (task.type === 'kept')
    log.warn(
      `${name}: ${task.why}; not analysed again, since someone was deleted from it: delete its results to begin anew`,
    );
}

/** A damaged video is done, but the study is not whole. */
function noteDamaged(plan: OutputPlan, told: Pick<Told, 'log' | 'tally'>): void {
  told.tally.done--;
  noteFailure(plan, new AffectError('INPUT_DAMAGED', `${plan.name} is damaged; its results end there`), told);
}

/** Whose results were deleted is not to come back. Throws CONFIG_INVALID. */
async function refuseForgotten(study: Study): Promise<void> {
  const { forgotten } = await readRun(study);
  const back = study.participants.filter(({ id }) => forgotten.includes(id)).map(({ id }) => id);
  if (back.length > 0)
    throw new AffectError(
      'CONFIG_INVALID',
      `${study.file} names ${back.join(', ')}, whose results were deleted; take them out of it, and videos that show nobody else`,
    );
}

/** What is to be done with each video, and those whose file cannot be read at all. */
async function queueOf(study: Study, chosen: readonly SessionVideo[], keeper: RunKeeper) {
  const ids = modelsFor({ detector: DEFAULT_DETECTOR, model: study.analysis.model, voice: true });
  const models = Object.fromEntries(ids.map((id) => [id, readManifest(id).version]));
  const queue: Queued[] = [];
  const unreadable: { readonly plan: OutputPlan; readonly error: unknown }[] = [];
  for (const each of chosen) {
    const plan = planOf(study, each.video);
    try {
      const madeFrom = { mien: mienVersion(), models, file: await markFile(plan.input), analysis: study.analysis };
      const { map: path } = each.video;
      const [peopleMap, map] = path === null ? [null, null] : [readPeopleMap(path), (await markFile(path)).ends];
      const has = { results: isComplete(plan), journal: hasJournal(plan) };
      queue.push({
        ...each,
        plan,
        madeFrom,
        peopleMap,
        map,
        task: taskOf(keeper.of(plan.name), { madeFrom, map }, has),
      });
    } catch (error) {
      if (error instanceof AffectError) throw error;
      const why = (error as NodeJS.ErrnoException).code ?? errorText(error);
      unreadable.push({
        plan,
        error: new AffectError('INPUT_NOT_FOUND', `${plan.input} cannot be read (${why})`, { cause: error }),
      });
    }
  }
  return { queue, unreadable };
}

const ofVideo = ({ task, peopleMap, video }: Queued, study: Study): OfVideo => ({
  resume: task.type === 'analyze' && task.how === 'resume',
  overwrite: true,
  peopleMap,
  mayBeSeen: study.analysis.blurOthers ? participantsOnly(video, peopleMap, study) : null,
});

/** Whose faces may be seen: participants', where a map says whose each track is; else nobody's. */
function participantsOnly({ people }: StudyVideo, map: PeopleMap | null, { participants }: Study): MayBeSeen {
  if (!map) return () => false;
  const ids = new Set(participants.map(({ id }) => id));
  const named = Object.keys(people);
  return isSomeones(map, ({ person, name }) =>
    [String(person), name ?? ''].some((word) => named.includes(word) || ids.has(word)),
  );
}

/** What `study.json` says of a video. */
function accountOf({ plan, session, madeFrom, map }: Queued, outcome: Outcome | 'begun'): VideoRun {
  const account = { id: plan.name, session: session.id, madeFrom, map, isCut: false };
  if (outcome === 'begun') return { ...account, state: 'begun', error: null, summary: null };
  if ('error' in outcome) {
    const { code } = failureOf(outcome.error);
    const state = code === 'INTERRUPTED' ? 'begun' : 'failed';
    return { ...account, state, error: code as VideoRun['error'], summary: null };
  }
  const { summary, problem } = outcome.video.event;
  const { frames, records, tracks, episodes, coverage, status } = summary;
  const state = status === 'interrupted' ? 'begun' : frames === 0 ? 'failed' : status;
  return { ...account, state, error: problem?.code ?? null, summary: { frames, records, tracks, episodes, coverage } };
}
