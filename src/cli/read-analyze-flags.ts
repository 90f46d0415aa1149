import { existsSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { WrittenAreas } from '../config/areas-file.js';
import { AffectError } from '../domain/errors.js';
import type { Turn } from '../domain/frame.js';
import { AU_ONLY_TASKS, DEFAULT_TASKS, type MllmTask } from '../domain/insight.js';
import { type OutputName, outputOfFile } from '../outputs/outputs.js';
import type { OutputPlan } from '../recording/output-plan.js';
import type { ReadingOptions } from '../recording/reading-options.js';
import type { AnalyzeFlags } from './analyze-flags.js';

/** What the flags say together. Throws USAGE. */
export function checkTogether(flags: AnalyzeFlags): void {
  const { overwrite, resume, start, end, blurOthers, people, mllmAdapter = {} } = flags;
  if (blurOthers && people === undefined)
    throw new AffectError('USAGE', '--blur-others needs --people <map.csv>, which says whose faces may be seen');
  const unasked = Object.keys(mllmAdapter).find((task) => !askedTasks(flags).some((one) => one === task));
  if (unasked !== undefined)
    throw new AffectError(
      'USAGE',
      `--mllm-adapter names a model for ${unasked}, which is not asked; add it to --mllm-task`,
    );
  if (overwrite && resume) throw new AffectError('USAGE', 'choose --overwrite or --resume, not both');
  if (start !== undefined && end !== undefined && end <= start) {
    throw new AffectError('USAGE', `--end ${end} is not after --start ${start}; give a later --end`);
  }
}

/** What is asked about keyframes. */
export const askedTasks = ({ mllmTask, mode }: AnalyzeFlags): readonly MllmTask[] =>
  mllmTask ?? (mode === 'au-only' ? AU_ONLY_TASKS : DEFAULT_TASKS);

/** `--out` names a folder. A name that looks like a file of some format is refused with what was meant. Throws USAGE. */
export function checkOut(out: string): void {
  const format = outputOfFile(out);
  if (format === undefined || existsSync(out)) return;
  const folder = out.slice(0, -extname(out).length);
  throw new AffectError(
    'USAGE',
    `--out ${out} names a file, but results go to a folder: --out ${folder} --formats ${format}`,
  );
}

/** What is written besides each video's folder must not take the place of a video that is read. Throws USAGE. */
export function checkTargets({ overlay, people, stats }: AnalyzeFlags, plans: readonly OutputPlan[]): void {
  if (people !== undefined && plans.length > 1)
    throw new AffectError(
      'USAGE',
      `--people ${people} is of one video, but there are ${plans.length}; analyse each with its own`,
    );
  if (typeof overlay === 'string' && plans.length > 1) {
    throw new AffectError(
      'USAGE',
      `--overlay ${overlay} names one file, but there are ${plans.length} videos; use --overlay alone`,
    );
  }
  const inputs = new Set(plans.map(({ input }) => resolve(input)));
  for (const [flag, path] of Object.entries({ overlay, stats })) {
    if (typeof path === 'string' && inputs.has(resolve(path)))
      throw new AffectError('USAGE', `--${flag} ${path} is a video to be read; choose another name`);
  }
}

export async function readingOf(flags: AnalyzeFlags): Promise<ReadingOptions> {
  const written = flags.zones === undefined ? null : await areasOf(flags.zones);
  return {
    ...(flags.stream === undefined ? {} : { streamIndex: flags.stream }),
    sound: flags.sound,
    ...(flags.start === undefined ? {} : { startSeconds: flags.start }),
    ...(flags.end === undefined ? {} : { endSeconds: flags.end }),
    ...(flags.fps === undefined ? {} : { sampleFps: flags.fps }),
    rotate: flags.rotate === 'auto' ? (written?.rotate ?? 'auto') : (Number(flags.rotate) as Turn),
    ...(written && { areas: written.areas }),
    maxSidePx: flags.maxSide,
    minFacePx: flags.minFace,
    baseline: flags.baseline,
    ...(flags.mode === 'au-only' ? { emotions: false } : {}),
  };
}

/** Masks and zones of FILE or FILE#CAMERA. Throws INPUT_NOT_FOUND, CONFIG_INVALID. */
async function areasOf(named: string): Promise<WrittenAreas> {
  const [, path = named, camera] = existsSync(named) ? [] : (/^(.*)#([^#]*)$/s.exec(named) ?? []);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new AffectError('INPUT_NOT_FOUND', `--zones ${path}: cannot be read; name a YAML file with masks and zones`);
  }
  const { readAreas } = await import('../config/areas-file.js');
  return readAreas(text, { file: path, camera: camera ?? null });
}

/** What to write: `--overlay` without a file name is one format more. */
export const formatsOf = ({ formats, overlay }: AnalyzeFlags): readonly OutputName[] =>
  overlay === true ? [...new Set([...formats, 'overlay' as const])] : formats;
