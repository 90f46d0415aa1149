import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { type AnalyzeVideoOptions, analyzeVideo, isComplete } from '../analysis/analyze-video.js';
import type { AskOptions } from '../analysis/ask-keyframes.js';
import { type Engine, startEngine } from '../analysis/engine.js';
import { planOutputs } from '../analysis/output-plan.js';
import { AffectError, ERRORS } from '../domain/errors.js';
import type { MllmEngine } from '../domain/insight.js';
import type { RunSummary } from '../domain/records.js';
import { untilAborted } from '../rx/until-aborted.js';
import { findInputs } from '../source/find-inputs.js';
import type { AnalyzeFlags } from './analyze-flags.js';
import { describeError } from './describe-error.js';
import { engineOfFlags } from './engine-flags.js';
import { ProgressPrinter, progressLine } from './progress.js';
import { RunStats } from './run-stats.js';
import { stopOnSignals } from './stop-on-signals.js';
import { summaryLines } from './summary-lines.js';

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

/** Analyses every video that the patterns name. Resolves to the exit code of the first that failed, or 0. */
export async function analyzeAll(patterns: readonly string[], flags: AnalyzeFlags): Promise<number> {
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
