import type { Frame } from '../domain/frame.js';
import type { EngineCapabilities, Insight, Keyframe, MllmEngine, MllmTask } from '../domain/insight.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import type { Prompts } from '../domain/prompt-template.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { evidencePicture, KeyframePicker } from './keyframe-picker.js';
import { MllmStage } from './mllm-stage.js';
import { type PictureWant, wantsOf } from './picture-wants.js';
import { taskPrompt } from './prompts/presets.js';
import { type Spoken, SpokenWords } from './spoken.js';

export interface RecordedQuestionsOptions {
  readonly source: string;
  /** Probed already; it stays open. */
  readonly engine: MllmEngine;
  readonly capabilities: EngineCapabilities;
  readonly tasks: readonly MllmTask[];
  /** Questions in place of the presets. */
  readonly prompts?: Prompts;
  /** Put what was measured into the question. */
  readonly priors: boolean;
  /** Side of the pictures that are sent. @default MLLM_DEFAULTS.imagePx */
  readonly imagePx?: number;
  /** Replaces the engine's, to give answers that are known already. @default the engine's */
  readonly infer?: MllmEngine['infer'];
}

/** An answer, and the face that was asked about as outputs show it: a small JPEG. */
export interface RecordedAnswer {
  readonly insight: Insight;
  readonly evidenceJpeg: Uint8Array;
}

/** What came of the questions of a run. */
export interface AskOutcome {
  /** Id of the engine. */
  readonly engine: string;
  /** Some of its words, bounded: what a person is told at the end. */
  readonly spoken: readonly Spoken[];
  readonly insights: number;
  readonly dropped: number;
  /** One line about the last failure; null without one. */
  readonly lastFailure: string | null;
}

interface RecordedKeyframe extends Keyframe {
  readonly evidenceJpeg: Uint8Array;
}

/**
 * Asks about the faces of one recorded video: without budgets, and nothing is dropped while the engine lives, since
 * frames wait for room. Which keyframes are picked follows media time alone: the same in every run.
 */
export class RecordedQuestions {
  readonly #options: RecordedQuestionsOptions;
  readonly #picker: KeyframePicker;
  readonly #stage: MllmStage<RecordedKeyframe>;
  readonly #wants: readonly PictureWant[];
  readonly #answered: RecordedAnswer[] = [];
  readonly #spoken = new SpokenWords();

  constructor(options: RecordedQuestionsOptions) {
    const { engine, capabilities, tasks, prompts = {}, priors, imagePx = MLLM_DEFAULTS.imagePx, infer } = options;
    this.#options = options;
    this.#picker = new KeyframePicker({
      select: { perCamera: null, overall: null },
      onSkip: () => undefined,
    });
    const templates = tasks.map((task) => taskPrompt(task, prompts));
    this.#wants = wantsOf(templates, { imagePx, capabilities });
    this.#stage = new MllmStage<RecordedKeyframe>({
      engine: {
        id: engine.id,
        model: engine.model,
        ...(engine.adapters ? { adapters: engine.adapters } : {}),
        probe: (signal) => engine.probe(signal),
        infer: infer ?? ((calls) => engine.infer(calls)),
        close: async () => undefined, // it serves the next video, too
      },
      capabilities,
      tasks,
      prompts,
      imagePx,
      usePriors: priors,
      mode: 'offline',
      onInsight: ({ insight, keyframe: { evidenceJpeg } }) => {
        this.#spoken.add(insight);
        this.#answered.push({ insight, evidenceJpeg });
      },
    });
  }

  get outcome(): AskOutcome {
    const { insights, drops, lastFailure } = this.#stage.stats;
    return {
      engine: this.#options.engine.id,
      spoken: this.#spoken.all,
      insights,
      dropped: Object.values(drops).reduce((sum, count) => sum + count, 0),
      lastFailure,
    };
  }

  /** Learns of episodes of all phases, those of a frame before the frame. */
  episode(episode: Episode): void {
    this.#picker.episodes([episode]);
  }

  /** Asks about faces of this frame; resolves when there was room for the questions. */
  async consider(frame: Frame, records: readonly FaceRecord[]): Promise<void> {
    const { source } = this.#options;
    const nowUs = records[0]?.ptsUs ?? frame.ptsUs;
    const wants = this.#wants;
    for (const picked of this.#picker.pick({ source, frame, records, nowUs, wants, room: () => true })) {
      const keyframe = await picked;
      const evidenceJpeg = await evidencePicture(keyframe);
      await this.#stage.room();
      this.#stage.offer({ ...keyframe, evidenceJpeg });
    }
  }

  /** The next answer that has come, in order of media time; undefined while there is none. */
  next(): RecordedAnswer | undefined {
    return this.#answered.shift();
  }

  /** Resolves when every question is answered or given up. */
  idle(): Promise<void> {
    return this.#stage.idle();
  }

  /** Gives up what is not answered. Idempotent. */
  close(): Promise<void> {
    return this.#stage.close();
  }
}
