import type { Sink } from '../domain/records.js';
import { type AskOutcome, RecordedQuestions, type RecordedQuestionsOptions } from '../mllm/recorded-questions.js';
import type { AnswerJournal } from './answer-journal.js';

/** How a multimodal LLM is asked about a recorded video. */
export interface AskOptions extends Omit<RecordedQuestionsOptions, 'source' | 'infer'> {
  /** Where the engine is, for messages: its addresses, or "this process". */
  readonly where: string;
}

export interface AskingSink extends Sink {
  readonly outcome: AskOutcome;
}

/**
 * A sink around another that also asks about keyframes: it takes episodes of all phases and passes on those that ended;
 * answers go to `inner.insight`, in order of media time, between frames and before close. An interrupted run gives up
 * what is not answered. Questions that the answer journal has an answer to are not asked again.
 */
export function askKeyframes(
  inner: Sink,
  options: AskOptions & {
    readonly source: string;
    readonly signal: AbortSignal;
    /** Answers of this and of the run that is resumed. */
    readonly answers: AnswerJournal;
  },
): AskingSink {
  const { engine, signal, answers } = options;
  const questions = new RecordedQuestions({
    ...options,
    infer: (calls) => answers.infer(engine, calls),
  });
  const stop = (): void => void questions.close();
  signal.addEventListener('abort', stop, { once: true });

  const pass = async (): Promise<void> => {
    for (let answer = questions.next(); answer; answer = questions.next()) {
      await inner.insight?.(answer.insight, answer.evidenceJpeg);
    }
  };

  return {
    name: inner.name,
    get outcome() {
      return questions.outcome;
    },
    async records(records) {
      await inner.records(records);
      await pass();
    },
    episode(episode) {
      questions.episode(episode);
      return episode.phase === 'end' ? inner.episode(episode) : undefined;
    },
    async frame(frame, records) {
      await inner.frame?.(frame, records);
      await questions.consider(frame, records);
    },
    async close(summary) {
      if (summary.status !== 'interrupted') await questions.idle();
      signal.removeEventListener('abort', stop);
      await questions.close();
      try {
        await pass();
      } finally {
        await inner.close(summary);
      }
    },
  };
}
