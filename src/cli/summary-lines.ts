import type { AskOutcome } from '../analysis/ask-keyframes.js';
import type { RunSummary } from '../domain/records.js';

/** What a person reads when a run is over. */
export function summaryLines(run: {
  readonly name: string;
  readonly dir: string;
  readonly seconds: number;
  readonly summary: RunSummary;
  readonly reportPath: string | null;
  readonly asked: AskOutcome | null;
}): string[] {
  const { summary } = run;
  const valid = summary.frames > 0 ? (100 * summary.coverage.ok) / summary.frames : 0;
  const fps = run.seconds > 0 ? summary.frames / run.seconds : 0;
  const people = summary.tracks === 1 ? '1 face track' : `${summary.tracks} face tracks`;
  const lines = [
    `${run.name}: ${summary.frames} frames in ${run.seconds.toFixed(1)} s (${fps.toFixed(0)} fps), ${people}, ` +
      `${summary.episodes} episodes, a valid face in ${valid.toFixed(1)} % of frames${summary.status === 'complete' ? '' : `, ${summary.status}`}`,
  ];
  const missed = Object.entries(summary.coverage).filter(([validity, frames]) => validity !== 'ok' && frames > 0);
  if (missed.length > 0)
    lines.push(`  without: ${missed.map(([validity, frames]) => `${validity} ${frames}`).join(', ')}`);
  for (const note of summary.notes) lines.push(`  noticed: ${note}`);
  if (run.asked) {
    const { insights, dropped, lastFailure } = run.asked;
    const lost =
      dropped > 0 ? `, ${dropped} questions without an answer (${lastFailure ?? 'the run was stopped'})` : '';
    lines.push(`  language model: ${insights} insights${lost}`);
  }
  lines.push(`  results: ${run.dir}${run.reportPath ? `, report: ${run.reportPath}` : ''}`);
  return lines;
}
