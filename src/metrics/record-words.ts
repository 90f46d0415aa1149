import type { Telemetry } from '../domain/telemetry.js';
import type { DeclaredRegistry } from './declared-registry.js';

/** What a machine with the role words does for all others. */
export function recordWords(to: DeclaredRegistry): Pick<Telemetry, 'wordsAsked' | 'wordsAnswered' | 'wordsLoad'> {
  return {
    wordsAsked(questions) {
      to.observe('mien_words_batch_size', questions);
    },
    wordsAnswered(tookMs, outcome) {
      to.add('mien_words_answered_total', { outcome });
      to.observe('mien_words_answer_duration_seconds', tookMs / 1000);
    },
    wordsLoad(underWay, limit) {
      to.set('mien_words_under_way', underWay);
      to.set('mien_words_limit', limit);
    },
  };
}
