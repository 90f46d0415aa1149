import { lastValueFrom, tap } from 'rxjs';
import { analyzeVideo } from '../recording/analyze-video.js';
import type { AnalyzeVideoOptions } from '../recording/analyze-video-options.js';
import type { FinishedVideo } from './analyze-reporter.js';
import { ProgressPrinter, type ProgressStream, progressLine } from './progress.js';
import type { Turn } from './work-in-turn.js';

/** Before the end of a video the next one is opened, media seconds: it takes ffprobe and ffmpeg half a second. */
const OPEN_NEXT_SECONDS = 2;

/**
 * Analyses one video and tells how far it is.
 *
 * @param telling - `progress` is null where nobody is to be told; it is shown once the video before has ended
 */
export async function analyzeOne(
  label: string,
  options: AnalyzeVideoOptions,
  telling: { readonly signal: AbortSignal; readonly progress: ProgressStream | null; readonly turn: Turn },
): Promise<FinishedVideo> {
  const { signal, progress, turn } = telling;
  const printer = progress && new ProgressPrinter(progress);
  const started = performance.now();
  let mayShow = false;
  void turn.before.then(() => {
    mayShow = true;
  });
  const events = analyzeVideo(options, signal).pipe(
    tap((event) => {
      if (event.type === 'read') turn.beginNext();
      if (event.type !== 'frame') return;
      const { frames, totalFrames, durationSeconds: totalSeconds } = event;
      const mediaSeconds = event.ptsUs / 1e6;
      if (totalSeconds !== null && totalSeconds - mediaSeconds < OPEN_NEXT_SECONDS) turn.prepareNext();
      if (!printer || !mayShow) return;
      const elapsedSeconds = (performance.now() - started) / 1000;
      const reached = { frames, totalFrames, totalSeconds, mediaSeconds, elapsedSeconds };
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
