import { clampText, INSIGHT_LIMITS } from '../../../../src/report/insight-words.js';
import { KEEP, type PageWriting } from './state.js';
import type { WritingMessage } from './wire.js';

type Asked = Pick<WritingMessage, 'source' | 'track' | 'ptsUs' | 'task'>;

const sameQuestion = (a: Asked, b: Asked): boolean =>
  a.source === b.source && a.track === b.track && a.ptsUs === b.ptsUs && a.task === b.task;

/** With the newest of an answer in the making; what nothing more came of is forgotten. */
export function addWriting(
  before: readonly PageWriting[],
  writing: WritingMessage,
  receivedAtMs: number,
): readonly PageWriting[] {
  const others = beforeAnswer(fresh(before, receivedAtMs), writing);
  const shown = { ...writing, text: clampText(writing.text, INSIGHT_LIMITS.description) };
  return [...others, { writing: shown, receivedAtMs }].slice(-KEEP.writings);
}

/** Without the answer whose insight came. */
export function beforeAnswer(before: readonly PageWriting[], asked: Asked): readonly PageWriting[] {
  return before.some(({ writing }) => sameQuestion(writing, asked))
    ? before.filter(({ writing }) => !sameQuestion(writing, asked))
    : before;
}

/** Without those of which nothing came for long: their engine fell silent. */
export function fresh(before: readonly PageWriting[], nowMs: number): readonly PageWriting[] {
  const isFresh = ({ receivedAtMs }: PageWriting): boolean => nowMs - receivedAtMs <= KEEP.writingMs;
  return before.every(isFresh) ? before : before.filter(isFresh);
}

/** "happiness: A broad smi…", the newest of a person; null where nothing is being written. */
export function writingOf(
  writings: readonly PageWriting[],
  who: { readonly source: string; readonly track: number },
): string | null {
  const last = writings.findLast(({ writing }) => writing.source === who.source && writing.track === who.track);
  if (last === undefined) return null;
  const { emotion, text } = last.writing;
  return [emotion ?? '', text].filter((part) => part !== '').join(': ') || '…';
}
