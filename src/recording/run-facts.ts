import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Areas } from '../domain/areas.js';
import { SOFTWARE } from '../domain/decoder.js';
import { AffectError } from '../domain/errors.js';
import { isTemplate } from '../domain/insight.js';
import type { RunInfo, RunSummary } from '../domain/records.js';
import type { Micros } from '../domain/units.js';
import { EVIDENCE_DEFAULTS } from '../mllm/evidence.js';
import { taskPrompt } from '../mllm/prompts/presets.js';
import type { AskOutcome } from '../mllm/recorded-questions.js';
import { mienVersion } from '../package-info.js';
import { affectManifest } from '../pipeline/create-face-pipeline.js';
import { type ModelRuntime, modelUses } from '../pipeline/model-runtime.js';
import type { AnalyzeVideoOptions } from './analyze-video-options.js';
import type { AskOptions } from './ask-keyframes.js';
import type { OpenRecordingOptions, Recording } from './open-recording.js';
import type { ReadingOptions } from './reading-options.js';

/** What must be equal for a journal to belong to a run: the file, the options and the models. */
export function fingerprintOf(options: AnalyzeVideoOptions): string {
  const { size, mtimeMs } = statSync(options.plan.input);
  const models = options.runtime.models.map(({ id, sha256 }) => [id, sha256]);
  const facts = [
    mienVersion(),
    options.plan.name,
    size,
    mtimeMs,
    options.reading,
    // Another device, precision or decoder may differ in the last digits: a run is whole only with one.
    options.runtime.device.used,
    options.runtime.precision.used,
    (options.decoder ?? SOFTWARE).used,
    models,
    options.landmarks,
    options.overlayPath !== null || options.formats.includes('overlay'),
    ...(options.ask ? [askFacts(options.ask), options.ask.prompts ?? {}] : []),
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** What to tell when questions of a finished run have no answer. */
export function missingInsights(ask: AskOptions, asked: AskOutcome, name: string): AffectError | undefined {
  const { insights, dropped, lastFailure } = asked;
  if (dropped === 0) return undefined;
  return new AffectError(
    'INSIGHTS_MISSING',
    `${name}: the language model ${ask.engine.model} at ${ask.where} answered ${insights} of ${insights + dropped} questions` +
      `${lastFailure === null ? '' : ` (${lastFailure})`}; all else is written. Check it, then run the same command with --resume`,
  );
}

/** How far a run came that was stopped, in words. */
export function stoppedAt(path: string, lastPtsUs: Micros | null): string {
  return `stopped at ${lastPtsUs === null ? 'the start' : `${(lastPtsUs / 1e6).toFixed(2)} s`} of ${path}`;
}

/** What to tell of a video that was read to its end and has no frame in what was asked for. */
export function withoutFrames(summary: RunSummary, path: string): AffectError | undefined {
  if (summary.frames > 0 || summary.status !== 'complete') return undefined;
  return new AffectError('INPUT_NO_VIDEO', `${path}: has no picture in the requested time; check --start and --end`);
}

function askFacts({ engine, tasks, prompts = {}, priors }: AskOptions): Record<string, string | number | boolean> {
  const { weight } = EVIDENCE_DEFAULTS;
  const adapters = tasks.flatMap((task) => (engine.adapters?.[task] ? [`${task}=${engine.adapters[task]}`] : []));
  return {
    mllmEngine: engine.id,
    mllmModel: engine.model,
    ...(adapters.length === 0 ? {} : { mllmAdapters: adapters.join(',') }),
    mllmTasks: tasks.join(','),
    mllmPrompts: tasks.map((task) => taskPrompt(task, prompts).id).join(','),
    mllmPriors: priors,
    mllmFusionWeight: isTemplate({ engine: engine.id }) ? 0 : weight,
  };
}

/** What manifests and reports say of a run: the program, the file as it is read, models, options. */
export function runInfoOf(
  options: OpenRecordingOptions &
    Partial<Pick<AnalyzeVideoOptions, 'landmarks' | 'ask' | 'joinAppearance' | 'mayBeSeen'>>,
  { source, turn, notes }: Recording,
): RunInfo {
  const { runtime, plan, reading, landmarks, ask, decoder = SOFTWARE } = options;
  const { info } = source;
  return {
    mienVersion: mienVersion(),
    source: plan.name,
    video: {
      fileName: plan.input.split(/[\\/]/).at(-1) ?? plan.input,
      codec: info.codec,
      widthPx: info.widthPx,
      heightPx: info.heightPx,
      sourceWidthPx: info.sourceWidthPx,
      sourceHeightPx: info.sourceHeightPx,
      startOffsetSeconds: info.startOffsetSeconds,
      durationSeconds: info.durationSeconds,
      nominalFps: info.nominalFps,
      rotationDegrees: info.rotationDegrees,
      turnedDegrees: turn,
    },
    notes,
    models: modelUses(runtime.models),
    device: runtime.device,
    precision: runtime.precision,
    decoder,
    actionUnits: affectManifest(runtime).labels.actionUnits ?? [],
    options: {
      ...optionFacts(runtime, reading),
      ...(landmarks ? { landmarks } : {}),
      ...(options.joinAppearance ? { joinAppearance: true } : {}),
      ...(options.mayBeSeen ? { blurOthers: true } : {}),
      ...(ask ? askFacts(ask) : {}),
    },
    startedAt: new Date().toISOString(),
  };
}

const areaFacts = ({ masks, zones }: Areas) => ({
  masks: masks.map(({ name }) => name).join(';'),
  zones: zones.map(({ name }) => name).join(';'),
});

function optionFacts(
  { detector, model }: ModelRuntime,
  reading: ReadingOptions,
): Record<string, string | number | boolean | null> {
  return {
    streamIndex: reading.streamIndex ?? null,
    sound: reading.sound ?? 'auto',
    startSeconds: reading.startSeconds ?? null,
    endSeconds: reading.endSeconds ?? null,
    sampleFps: reading.sampleFps ?? null,
    rotate: reading.rotate ?? 0,
    ...(reading.areas ? areaFacts(reading.areas) : {}),
    maxSidePx: reading.maxSidePx,
    detector,
    model,
    minFacePx: reading.minFacePx,
    baseline: reading.baseline,
    mode: reading.emotions === false ? 'au-only' : 'full',
  };
}
