import { lastValueFrom, tap } from 'rxjs';
import type { AffectError } from '../domain/errors.js';
import type { RunSummary } from '../domain/records.js';
import { analyzeVideo } from '../recording/analyze-video.js';
import type { AnalyzeVideoOptions } from '../recording/analyze-video-options.js';
import { ProgressPrinter, type ProgressStream, progressLine } from './progress.js';
import { summaryLines } from './summary-lines.js';

/** Analyses one video and tells a person how it goes (standard error) and what came of it (standard output). */
export async function analyzeOne(
  name: string,
  options: AnalyzeVideoOptions,
  {
    signal,
    progress,
  }: { readonly signal: AbortSignal /** Null: it is not told. */; readonly progress: ProgressStream | null },
): Promise<{ summary: RunSummary; problem: AffectError | undefined }> {
  const printer = progress && new ProgressPrinter(progress);
  const started = performance.now();
  const events = analyzeVideo(options, signal).pipe(
    tap((event) => {
      const elapsedSeconds = (performance.now() - started) / 1000;
      if (event.type !== 'frame' || !printer) return;
      const { frames, totalFrames, durationSeconds: totalSeconds } = event;
      const reached = { frames, totalFrames, totalSeconds, mediaSeconds: event.ptsUs / 1e6, elapsedSeconds };
      printer.show(progressLine(name, reached, { bar: printer.onTerminal }));
    }),
  );
  try {
    const last = await lastValueFrom(events);
    if (last.type !== 'done') throw new Error('the analysis ended without a summary');
    printer?.clear();
    const seconds = (performance.now() - started) / 1000;
    for (const line of summaryLines({ name, dir: options.plan.dir, seconds, ...last }))
      process.stdout.write(`${line}\n`);
    return { summary: last.summary, problem: last.problem };
  } finally {
    printer?.clear();
  }
}
