import { lookUp, readKey } from '../../study/key-file.js';
import { loadStudy } from '../../study/load-study.js';

/** `mien study who`: looks a pseudonym or a name up in a key file. */
export async function tellWho(
  file: string,
  word: string,
  { key, json }: { readonly key: string; readonly json?: boolean },
  write: (line: string) => void,
): Promise<void> {
  const study = await loadStudy(file);
  const whose = await readKey(key, study);
  if (whose.strangers.length > 0)
    console.error(`note: no participants of the study, though ${key} has them: ${whose.strangers.join(', ')}`);
  for (const [participant, name] of lookUp(word, whose))
    write(json ? JSON.stringify({ type: 'participant', participant, name }) : `${participant}  ${name}`);
}
