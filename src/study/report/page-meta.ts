import type { Study } from '../../domain/study.js';
import { mienVersion } from '../../package-info.js';
import type { CodebookEntry } from '../numbers/codebook.js';
import { readRun, type StudyRun } from '../study-run.js';

/** What the page says besides the results themselves. */
export interface StudyPageMeta {
  readonly study: string;
  readonly mienVersion: string;
  /** Models that read the videos: "mien-affect 1.4.0". */
  readonly models: readonly string[];
  readonly codebook: readonly CodebookEntry[];
  /** Videos without results, or with those of a part only, and why: a code, since a message may hold a name. */
  readonly failures: readonly { readonly video: string; readonly problem: string }[];
}

/** Videos of a study that are not whole. `read`: ids of those whose results numbers are made of. */
export function failuresOf(
  { sessions }: Pick<Study, 'sessions'>,
  run: StudyRun,
  read: ReadonlySet<string>,
): StudyPageMeta['failures'] {
  return sessions
    .flatMap(({ videos }) => videos)
    .flatMap(({ id }) => {
      const account = run.videos.find((video) => video.id === id);
      if (account?.state === 'damaged') return [{ video: id, problem: 'damaged: its results end early' }];
      if (read.has(id)) return [];
      return [{ video: id, problem: `${account?.error ?? 'not analysed'}; its session is left out` }];
    });
}

/** What the page says of how the results of a study came to be. Throws INPUT_DAMAGED for a `study.json` that mien did not write. */
export async function studyPageMeta(
  study: Study,
  codebook: readonly CodebookEntry[],
  read: ReadonlySet<string>,
): Promise<StudyPageMeta> {
  const run = await readRun(study);
  const models = run.videos.flatMap(({ madeFrom }) =>
    Object.entries(madeFrom.models).map(([id, version]) => `${id} ${version}`),
  );
  const failures = failuresOf(study, run, read);
  return { study: study.name, mienVersion: mienVersion(), models: [...new Set(models)].sort(), codebook, failures };
}
