import { join } from 'node:path';
import { reserveFile } from '../../report/output-file.js';
import type { StudyPageMeta } from './page-meta.js';
import type { GatheredStudy } from './report-gatherer.js';
import { studyPageHtml } from './study-page.js';

/** Name of the page in the results of a study. */
export const STUDY_REPORT = 'report.html';

/** Writes the page into the results, in place of an older one, whole or not at all; returns its path. Throws OUTPUT_UNWRITABLE. */
export async function writeStudyReport(folder: string, meta: StudyPageMeta, gathered: GatheredStudy): Promise<string> {
  const path = join(folder, STUDY_REPORT);
  const file = await reserveFile({ path, overwrite: true });
  await file.finish(studyPageHtml(meta, gathered));
  return path;
}
