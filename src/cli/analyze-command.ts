import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { lastValueFrom, tap } from 'rxjs';
import { type AnalyzeVideoOptions, analyzeVideo, isComplete } from '../analysis/analyze-video.js';
import type { AskOptions } from '../analysis/ask-keyframes.js';
import { type DetectorChoice, type Engine, startEngine } from '../analysis/engine.js';
import { planOutputs } from '../analysis/output-plan.js';
import { AffectError, ERRORS } from '../domain/errors.js';
import { LANDMARK_CHOICES, type LandmarkChoice } from '../domain/face.js';
import { MLLM_TASKS, type MllmEngine, type MllmTask } from '../domain/insight.js';
import type { RunSummary } from '../domain/records.js';
import { untilAborted } from '../rx/until-aborted.js';
import { FORMATS, type Format } from '../sinks/file-sinks.js';
import { findInputs } from '../source/find-inputs.js';
import { describeError } from './describe-error.js';
import { ENGINE_TYPES, engineOfFlags } from './engine-flags.js';
import { ProgressPrinter, progressLine } from './progress.js';
import { RunStats } from './run-stats.js';
import { stopOnSignals } from './stop-on-signals.js';
import { summaryLines } from './summary-lines.js';

interface AnalyzeFlags {
  readonly out: string;
  readonly formats: readonly (Format | 'report')[];
  readonly overlay?: string | true;
  readonly overwrite: boolean;
  readonly resume: boolean;
  readonly start?: number;
  readonly end?: number;
  readonly fps?: number;
  readonly stream?: number;
  readonly maxSide: number;
  readonly minFace: number;
  readonly detector: DetectorChoice;
  readonly landmarks: LandmarkChoice;
  readonly baseline: boolean;
  readonly lanes?: number;
  readonly stats?: string;
  readonly mllmEngine?: (typeof ENGINE_TYPES)[number];
  readonly mllmUrl?: readonly string[];
  readonly mllmModel?: string;
  readonly mllmKeyEnv?: string;
  readonly mllmTask: readonly MllmTask[];
  readonly mllmPriors: boolean;
}

function number(check: (value: number) => boolean, expected: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || !check(value))
      throw new InvalidArgumentError(`expected ${expected}.`);
    return value;
  };
}

const seconds = number((value) => value >= 0, 'seconds, at least 0');
const whole = (least: number) =>
  number((value) => Number.isInteger(value) && value >= least, `a whole number of at least ${least}`);

const ALL_FORMATS: readonly (Format | 'report')[] = [...FORMATS, 'report'];

function formatList(text: string): (Format | 'report')[] {
  const names = text === 'all' ? [...ALL_FORMATS] : text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!ALL_FORMATS.includes(name as Format))
      throw new InvalidArgumentError(`expected all, or some of ${ALL_FORMATS.join(',')}.`);
  }
  return names as (Format | 'report')[];
}

function taskList(text: string): MllmTask[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!(MLLM_TASKS as readonly string[]).includes(name))
      throw new InvalidArgumentError(`expected some of ${MLLM_TASKS.join(',')}.`);
  }
  return [...new Set(names)] as MllmTask[];
}

const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** The engine that the flags name; null without one. Throws USAGE or CONFIG_INVALID. */
function mllmEngineOf({ mllmEngine: engine, mllmUrl: urls, mllmModel: model, mllmKeyEnv: keyEnv }: AnalyzeFlags) {
  const names = { engine: '--mllm-engine', url: '--mllm-url', model: '--mllm-model', keyEnv: '--mllm-key-env' };
  return engineOfFlags({ engine, urls, model, keyEnv }, names);
}

/** Asks the engine what it can do. Nothing was analysed when it throws, and the message says so. */
async function probed(engine: MllmEngine, flags: AnalyzeFlags, signal: AbortSignal): Promise<AskOptions> {
  try {
    const capabilities = await untilAborted(engine.probe(signal), signal, () => signal.reason as Error);
    const where = flags.mllmUrl?.join(', ') ?? 'this process';
    return { engine, capabilities, where, tasks: flags.mllmTask, priors: flags.mllmPriors };
  } catch (error) {
    if (signal.aborted) throw new AffectError('INTERRUPTED', 'stopped before anything was analysed', { cause: error });
    if (!(error instanceof AffectError)) throw error;
    const flag = flags.mllmUrl ? '--mllm-url' : '--mllm-engine';
    throw new AffectError(error.code, `${error.message} (${flag}; nothing was analysed)`, { cause: error });
  }
}

/** `mien analyze <inputs...>`; `setExitCode` receives the code of the first input that failed. */
export function addAnalyzeCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('analyze')
    .description('read the faces of recorded videos into files')
    .argument('<inputs...>', 'video files, folders or glob patterns')
    .option('-o, --out <folder>', 'where results go, one folder per video', 'mien-out')
    .option('--formats <list>', `all, or some of ${ALL_FORMATS.join(',')}`, formatList, [...ALL_FORMATS])
    .option(
      '--overlay [file]',
      'also write the video with boxes, landmarks and labels drawn on it (one input for a file name)',
    )
    .option('--overwrite', 'replace results that exist', false)
    .option('--resume', 'continue an interrupted run; skip videos that are done', false)
    .option('--start <seconds>', 'begin at this time of the video', seconds)
    .option('--end <seconds>', 'end before this time of the video', seconds)
    .option(
      '--fps <rate>',
      'read at most this many frames per second',
      number((value) => value > 0, 'a rate above 0'),
    )
    .option('--stream <index>', 'which video stream, counted from 0', whole(0))
    .option('--max-side <px>', 'longer side that frames are shrunk to', whole(64), 1280)
    .option('--min-face <px>', 'smallest face to look for', whole(16), 24)
    .addOption(new Option('--detector <range>', 'face detector').choices(['full', 'short', 'both']).default('full'))
    .addOption(
      new Option('--landmarks <set>', 'landmarks in the records file').choices([...LANDMARK_CHOICES]).default('68'),
    )
    .option('--no-baseline', 'do not subtract each person’s resting face')
    .option('--lanes <count>', 'inference threads (default: one per core, at most 4)', whole(1))
    .option('--stats <file>', 'write speed and memory of the run as JSON')
    .option(
      '--mllm-url <url>',
      'ask a multimodal LLM at this OpenAI-compatible address about keyframes; again for replicas',
      collected,
    )
    .addOption(
      new Option(
        '--mllm-engine <type>',
        'openai, with --mllm-url; or transformers: a model inside this process, --mllm-model is its folder',
      ).choices(ENGINE_TYPES),
    )
    .option('--mllm-model <name>', 'the model, as the server names it, or the folder of one for this process')
    .option('--mllm-key-env <name>', 'with --mllm-url: the environment variable that holds its key')
    .option('--mllm-task <list>', `with an engine: some of ${MLLM_TASKS.join(',')}`, taskList, ['describe'])
    .option('--no-mllm-priors', 'with an engine: do not tell the model what was measured')
    .action(async (inputs: string[], flags: AnalyzeFlags) => setExitCode(await analyzeAll(inputs, flags)));
}

async function analyzeAll(patterns: readonly string[], flags: AnalyzeFlags): Promise<number> {
  if (flags.overwrite && flags.resume) throw new AffectError('USAGE', 'choose --overwrite or --resume, not both');
  const mllmEngine = mllmEngineOf(flags);
  const inputs = await findInputs(patterns);
  const plans = planOutputs(inputs, flags.out);
  if (typeof flags.overlay === 'string' && plans.length > 1) {
    throw new AffectError(
      'USAGE',
      `--overlay ${flags.overlay} names one file, but there are ${plans.length} videos; use --overlay alone`,
    );
  }
  const stopper = stopOnSignals();
  const { signal } = stopper;
  const stats = new RunStats();
  let exitCode = 0;
  let engine: Engine | undefined;
  let ask: AskOptions | null = null;
  try {
    for (const [index, plan] of plans.entries()) {
      if (signal.aborted) {
        // Between two videos: nothing of this one was begun.
        exitCode ||= ERRORS.INTERRUPTED.exitCode;
        break;
      }
      const name = plans.length > 1 ? `[${index + 1}/${plans.length}] ${plan.name}` : plan.name;
      if (flags.resume && isComplete(plan)) {
        process.stdout.write(`${name}: done before\n`);
        continue;
      }
      if (mllmEngine) ask ??= await probed(mllmEngine, flags, signal);
      try {
        engine ??= await engineFor(flags, signal);
        const overlayPath =
          flags.overlay === undefined
            ? null
            : flags.overlay === true
              ? `${plan.dir}/${plan.name}.overlay.mp4`
              : resolve(flags.overlay);
        const options: AnalyzeVideoOptions = {
          engine,
          plan,
          reading: {
            ...(flags.stream === undefined ? {} : { streamIndex: flags.stream }),
            ...(flags.start === undefined ? {} : { startSeconds: flags.start }),
            ...(flags.end === undefined ? {} : { endSeconds: flags.end }),
            ...(flags.fps === undefined ? {} : { sampleFps: flags.fps }),
            maxSidePx: flags.maxSide,
            detector: flags.detector,
            minFacePx: flags.minFace,
            baseline: flags.baseline,
          },
          formats: flags.formats,
          landmarks: flags.landmarks,
          overlayPath,
          overwrite: flags.overwrite,
          resume: flags.resume,
          ask,
        };
        const { summary, problem } = await analyzeOne(name, options, signal);
        stats.add(summary);
        if (problem) {
          console.error(describeError(problem));
          exitCode ||= problem.exitCode;
        }
      } catch (error) {
        // One bad input does not stop the others; what concerns all of them does.
        if (!(error instanceof AffectError) || error.code === 'OUTPUT_UNWRITABLE' || plans.length === 1) throw error;
        console.error(describeError(error));
        exitCode ||= error.exitCode;
      }
    }
    if (flags.stats && engine) writeFileSync(flags.stats, `${JSON.stringify(stats.report(engine.lanes), null, 2)}\n`);
  } finally {
    await mllmEngine?.close();
    await engine?.close();
    stopper.release();
  }
  return exitCode;
}

async function engineFor({ detector, lanes }: AnalyzeFlags, signal: AbortSignal): Promise<Engine> {
  const onProgress = (line: string): void => console.error(line);
  try {
    return await startEngine({ detector, ...(lanes === undefined ? {} : { lanes }), onProgress }, signal);
  } catch (error) {
    if (signal.aborted) throw new AffectError('INTERRUPTED', 'stopped before anything was analysed', { cause: error });
    throw error;
  }
}

async function analyzeOne(
  name: string,
  options: AnalyzeVideoOptions,
  signal: AbortSignal,
): Promise<{ summary: RunSummary; problem: AffectError | undefined }> {
  const printer = new ProgressPrinter(process.stderr);
  const started = performance.now();
  let shownAt = 0;
  const events = analyzeVideo(options, signal).pipe(
    tap((event) => {
      const now = performance.now();
      if (event.type !== 'frame' || now - shownAt < 100) return;
      shownAt = now;
      const elapsedSeconds = (now - started) / 1000;
      const { frames, totalFrames, durationSeconds: totalSeconds } = event;
      printer.show(
        progressLine(name, { frames, totalFrames, totalSeconds, mediaSeconds: event.ptsUs / 1e6, elapsedSeconds }),
      );
    }),
  );
  try {
    const last = await lastValueFrom(events);
    if (last.type !== 'done') throw new Error('the analysis ended without a summary');
    printer.clear();
    const seconds = (performance.now() - started) / 1000;
    for (const line of summaryLines({ name, dir: options.plan.dir, seconds, ...last }))
      process.stdout.write(`${line}\n`);
    return { summary: last.summary, problem: last.problem };
  } finally {
    printer.clear();
  }
}
