import { lastValueFrom, tap } from 'rxjs';
import { analyzeVideo } from '../recording/analyze-video.js';
import type { AnalyzeVideoOptions } from '../recording/analyze-video-options.js';
import type { FinishedVideo } from './analyze-reporter.js';
import { ProgressPrinter, type ProgressStream, progressLine } from './progress.js';

/**
 * Analyses one video and tells how far it is.
 *
 * @param telling - `progress` is null where nobody is to be told; `onRead` is called when all frames are read
 */
export async function analyzeOne(
  label: string,
  options: AnalyzeVideoOptions,
  telling: { readonly signal: AbortSignal; readonly progress: ProgressStream | null; readonly onRead: () => void },
): Promise<FinishedVideo> {
  const { signal, progress, onRead } = telling;
  const printer = progress && new ProgressPrinter(progress);
  const started = performance.now();
  const events = analyzeVideo(options, signal).pipe(
    tap((event) => {
      if (event.type === 'read') onRead();
      const elapsedSeconds = (performance.now() - started) / 1000;
      if (event.type !== 'frame' || !printer) return;
      const { frames, totalFrames, durationSeconds: totalSeconds } = event;
      const reached = { frames, totalFrames, totalSeconds, mediaSeconds: event.ptsUs / 1e6, elapsedSeconds };
      printer.show(progressLine(label, reached, { bar: printer.onTerminal }));
    }),
  );
  try {
    const last = await lastValueFrom(events);
    if (last.type !== 'done') throw new Error('the analysis ended without a summary');
    printer?.clear();
    const seconds = (performance.now() - started) / 1000;
    return { label, plan: options.plan, seconds, event: last };
  } finally {
    printer?.clear();
  }
}
