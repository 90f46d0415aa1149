import { loadStudy } from '../../study/load-study.js';
import { statusOf, type VideoStatus } from '../../study/study-status.js';

/** `mien study status`: a row a video. */
export async function tellStatus(
  file: string,
  { json }: { readonly json?: boolean },
  write: (line: string) => void,
): Promise<void> {
  const study = await loadStudy(file);
  const videos = await statusOf(study);
  const done = videos.filter(({ state }) => state === 'complete' || state === 'damaged').length;
  const open = videos.filter(({ problems }) => problems.length > 0).length;
  if (json) {
    for (const video of videos) write(JSON.stringify({ type: 'video', ...video }));
    write(JSON.stringify({ type: 'end', name: study.name, videos: videos.length, done, withProblems: open }));
    return;
  }
  for (const line of tableLines(videos)) write(line);
  write(`${study.name}: ${done} of ${videos.length} analysed${open > 0 ? `, ${open} with something to look at` : ''}`);
}

const HEAD = ['video', 'session', 'condition', 'state', 'frames', 'valid face', 'people', 'to look at'];

/** A table for a terminal, columns as wide as they need. */
export function tableLines(videos: readonly VideoStatus[]): string[] {
  const rows = videos.map(({ video, session, condition, state, frames, coverage, found, expected, problems }) => [
    video,
    session,
    condition ?? '',
    state,
    frames === null ? '' : String(frames),
    coverage === null ? '' : `${(coverage * 100).toFixed(1)} %`,
    found === null
      ? expected > 0
        ? `? of ${expected}`
        : ''
      : expected > 0
        ? `${found} of ${expected}`
        : String(found),
    problems.join('; '),
  ]);
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  return [HEAD, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
