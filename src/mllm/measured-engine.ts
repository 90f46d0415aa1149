import type { EngineCall, EngineCapabilities, EngineOutcome, EngineRequest, MllmEngine } from '../domain/insight.js';
import { CANNOT_TELL, MEASURED } from '../domain/insight.js';
import { answerQuestion } from './measured/answer-question.js';
import { measuredWords, WORDING } from './measured/measured-words.js';

/** What it can do: it takes measurements, and no pictures. */
export const MEASURED_CAPABILITIES: EngineCapabilities = {
  logProbabilities: false,
  jsonSchema: true,
  choice: false,
  regex: false,
  loraByModel: false,
  prefill: false,
  severalImages: false,
  numericPriors: false,
  ownBatches: true,
  readings: true,
};

/**
 * No model: sentences made from what was measured, by a template. They repeat the measurement, so that nothing of them
 * can be checked, and they are no evidence. Answers at once; `describe`, `action-units` and a person's question.
 */
export class MeasuredEngine implements MllmEngine {
  readonly id = MEASURED;
  readonly model = WORDING;
  #closed = false;

  async probe(): Promise<EngineCapabilities> {
    return MEASURED_CAPABILITIES;
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    return calls.map(async ({ request, signal }) => (signal.aborted || this.#closed ? CANCELLED : answered(request)));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

const CANCELLED: EngineOutcome = {
  kind: 'failed',
  reason: 'cancelled',
  message: 'measured: it was told to stop',
  retryable: false,
};

function answered({ task, readings, question }: EngineRequest): EngineOutcome {
  const said = readings === undefined ? null : answerOf(task, readings, question);
  if (said === null)
    return {
      kind: 'failed',
      reason: 'refused',
      message: `measured: nothing measured answers "${task}"`,
      retryable: false,
    };
  const text = JSON.stringify(said);
  return {
    kind: 'ok',
    answer: { text, labelProbabilities: null, promptTokens: null, completionTokens: null, truncated: false },
  };
}

/** The members of the answer, as `describe` asks for them; null for a task that it has no words for. */
function answerOf(
  task: EngineRequest['task'],
  readings: NonNullable<EngineRequest['readings']>,
  question: string | undefined,
): object | null {
  if (task === 'asked') {
    const { text, actionUnits, cannotTell } = answerQuestion(question ?? '', readings);
    return { description: text, action_units: actionUnits, emotion: cannotTell ? CANNOT_TELL : 'none' };
  }
  const { emotion, secondEmotion, degree, cannotTell, actionUnits, ...texts } = measuredWords(readings);
  if (task === 'action-units') return { action_units: actionUnits, movement: texts.movement };
  if (task !== 'describe') return null;
  return {
    emotion: cannotTell ? CANNOT_TELL : (emotion ?? 'none'),
    second_emotion: secondEmotion ?? 'none',
    ...(degree === null ? {} : { degree }),
    action_units: actionUnits,
    ...texts,
  };
}
