import { counted } from '../../domain/counted.js';
import { checkStudy, studyError } from '../../study/load-study.js';
import type { OutputFlags } from '../output-flags.js';

/** `mien study check`: throws CONFIG_INVALID with every problem. */
export async function tellCheck(
  file: string,
  { json, quiet }: OutputFlags,
  write: (line: string) => void,
): Promise<void> {
  const { study, problems, notes } = await checkStudy(file);
  const videos = study?.sessions.flatMap((session) => session.videos) ?? [];
  const counts = {
    sessions: study?.sessions.length ?? 0,
    videos: videos.length,
    participants: study?.participants.length ?? 0,
    markers: study?.sessions.reduce((sum, { markers }) => sum + markers.length, 0) ?? 0,
  };
  if (json) write(JSON.stringify({ type: 'check', file, correct: study !== null, problems, notes, ...counts }));
  else if (!quiet) {
    for (const { where, key, text } of notes) write(`note: ${where}: ${key}: ${text}`);
    const words = Object.entries(counts).map(([noun, count]) => counted(count, noun.slice(0, -1)));
    if (study) write(`${file}: correct; ${words.join(', ')}`);
  }
  if (!study) throw studyError(problems);
}
