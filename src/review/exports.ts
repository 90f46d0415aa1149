import { resultsEaf } from '../annotations/export-eaf.js';
import type { Results } from '../annotations/results.js';
import type { Annotation } from '../domain/annotation.js';
import { compact, csvField } from '../record/number-text.js';
import type { Reply } from '../server/route.js';
import type { ReviewVideo } from './video.js';

const COLUMNS = ['source', 'rater', 'person', 'kind', 'label', 'onset_s', 'offset_s', 'verdict', 'episode', 'note'];

/** Annotations as a list for spreadsheets. */
export function annotationsCsv(annotations: readonly Annotation[]): string {
  const rows = annotations.map(({ source, rater, person, kind, label, onsetUs, offsetUs, verdict, episode, note }) => {
    const words = [source, rater, person, kind, label, compact(onsetUs / 1e6, 6), compact(offsetUs / 1e6, 6), verdict];
    return [...words, episode ?? '', note ?? ''].map((cell) => csvField(String(cell))).join(',');
  });
  return `${[COLUMNS.join(','), ...rows].join('\n')}\n`;
}

/** A file to be saved by the browser. */
export function exportOf(
  { results, annotations }: { readonly results: Results; readonly annotations: readonly Annotation[] },
  { format, video }: { readonly format: 'eaf' | 'csv'; readonly video: ReviewVideo | null },
): Reply {
  const fileName = `${results.name}.annotations.${format}`.replace(/[^\w.~ -]/g, '_');
  const eafPath = `${results.base}.annotations.eaf`;
  const videoPath = video?.path ?? results.run.video.fileName;
  const body =
    format === 'csv'
      ? annotationsCsv(annotations)
      : resultsEaf(results, { videoPath, eafPath, ratings: [annotations] });
  return {
    status: 200,
    contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/xml',
    body,
    headers: { 'content-disposition': `attachment; filename="${fileName}"` },
  };
}
