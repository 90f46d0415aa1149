import { CLAIM_VERDICTS, SKIP_REASONS } from '../domain/insight.js';
import { LATE_REFUSALS } from '../domain/late-evidence.js';
import { MLLM_DROPS } from '../domain/mllm-outcomes.js';
import type { Telemetry } from '../domain/telemetry.js';
import { boundedNames } from './bounded-names.js';
import type { DeclaredRegistry } from './declared-registry.js';

type QuestionTelemetry = Pick<
  Telemetry,
  'mllmAsked' | 'mllmAnswered' | 'mllmQueue' | 'mllmSkipped' | 'mllmDropped' | 'mllmClaims' | 'mllmFused'
>;

/** Questions to a multimodal LLM, and what came of them. */
export function recordQuestions(to: DeclaredRegistry): QuestionTelemetry {
  const engines = boundedNames();
  to.set('mien_mllm_queue', 0);
  to.zero('mien_mllm_batch_size');
  for (const kind of ['prompt', 'completion']) to.add('mien_mllm_tokens_total', { kind }, 0);
  for (const reason of SKIP_REASONS) to.add('mien_mllm_skipped_total', { reason }, 0);
  for (const reason of MLLM_DROPS) to.add('mien_mllm_dropped_total', { reason }, 0);
  for (const outcome of CLAIM_VERDICTS) to.add('mien_mllm_claims_total', { outcome }, 0);
  for (const outcome of ['accepted', ...LATE_REFUSALS]) to.add('mien_mllm_fused_total', { outcome }, 0);

  return {
    mllmAsked(questions) {
      to.observe('mien_mllm_batch_size', questions);
    },
    mllmAnswered({ engine: name, tookMs, outcome, tokens }) {
      const engine = engines(name);
      to.add('mien_mllm_requests_total', { engine, outcome });
      to.observe('mien_mllm_request_duration_seconds', tookMs / 1000, { engine });
      to.add('mien_mllm_tokens_total', { kind: 'prompt' }, tokens.prompt);
      to.add('mien_mllm_tokens_total', { kind: 'completion' }, tokens.completion);
    },
    mllmQueue(waiting) {
      to.set('mien_mllm_queue', waiting);
    },
    mllmSkipped(reason) {
      to.add('mien_mllm_skipped_total', { reason });
    },
    mllmDropped(reason) {
      to.add('mien_mllm_dropped_total', { reason });
    },
    mllmClaims(check) {
      for (const outcome of CLAIM_VERDICTS) to.add('mien_mllm_claims_total', { outcome }, check[outcome].length);
    },
    mllmFused(outcome) {
      to.add('mien_mllm_fused_total', { outcome });
    },
  };
}
