import type { Frame } from '../domain/frame.js';
import type { EngineCapabilities, Insight, Keyframe, MllmEngine, MllmTask } from '../domain/insight.js';
import type { FaceRecord, Sink } from '../domain/records.js';
import { evidencePicture, KeyframePicker } from '../mllm/keyframe-picker.js';
import { MllmStage } from '../mllm/mllm-stage.js';
import type { FrameObserver } from './analyze-frames.js';
import type { AnswerJournal } from './answer-journal.js';

/** How a multimodal LLM is asked about a recorded video. */
export interface AskOptions {
  /** Probed already; it stays open. */
  readonly engine: MllmEngine;
  readonly capabilities: EngineCapabilities;
  /** Where it is, for messages: its addresses, or "this process". */
  readonly where: string;
  readonly tasks: readonly MllmTask[];
  /** Put what was measured into the question. */
  readonly priors: boolean;
  /** Side of the pictures that are sent. @default 336 */
  readonly imagePx?: number;
}

/** What came of the questions of a run. */
export interface AskOutcome {
  readonly insights: number;
  readonly dropped: number;
  /** One line about the last failure; null without one. */
  readonly lastFailure: string | null;
}

export interface AskingSink extends Sink, FrameObserver {
  readonly outcome: AskOutcome;
}

const keyOf = ({ source, track, ptsUs }: Pick<Keyframe, 'source' | 'track' | 'ptsUs'>): string =>
  `${source}/${track}/${ptsUs}`;

/**
 * A sink around another that also asks about keyframes: it takes episodes of all phases and passes on those that ended;
 * answers go to `inner.insight`, in order of media time, between frames and before close. Nothing is dropped while the
 * engine lives: frames wait for room. An interrupted run gives up what is not answered. Questions that the answer journal
 * has an answer to are not asked again: the same keyframes are picked, since they follow media time alone.
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
  const { engine, capabilities, tasks, priors, imagePx = 336, source, signal, answers } = options;
  const answered: Insight[] = [];
  const evidence = new Map<string, { readonly jpeg: Uint8Array; open: number }>();
  const settle = (keyframe: Pick<Keyframe, 'source' | 'track' | 'ptsUs'>): Uint8Array | null => {
    const kept = evidence.get(keyOf(keyframe));
    if (kept && --kept.open <= 0) evidence.delete(keyOf(keyframe));
    return kept?.jpeg ?? null;
  };
  const picker = new KeyframePicker({
    select: { perCamera: null, overall: null },
    imagePx,
    onSkip: () => undefined,
  });
  const stage = new MllmStage({
    engine: {
      id: engine.id,
      model: engine.model,
      probe: (probing) => engine.probe(probing),
      infer: (requests, inferring) => answers.infer(engine, requests, inferring),
      close: async () => undefined, // it serves the next video, too
    },
    capabilities,
    tasks,
    usePriors: priors,
    mode: 'offline',
    onInsight: (insight) => answered.push(insight),
    onDrop: ({ keyframe }) => settle(keyframe),
  });
  const stop = (): void => void stage.close();
  signal.addEventListener('abort', stop, { once: true });

  const pass = async (): Promise<void> => {
    for (let insight = answered.shift(); insight; insight = answered.shift()) {
      await inner.insight?.(insight, settle(insight));
    }
  };

  return {
    name: inner.name,
    get outcome() {
      const { insights, drops, lastFailure } = stage.stats;
      return { insights, dropped: Object.values(drops).reduce((sum, count) => sum + count, 0), lastFailure };
    },
    async records(records) {
      await inner.records(records);
      await pass();
    },
    episode(episode) {
      picker.episodes([episode]);
      return episode.phase === 'end' ? inner.episode(episode) : undefined;
    },
    async considerFrame(frame: Frame, records: readonly FaceRecord[]) {
      const nowUs = records[0]?.ptsUs ?? frame.ptsUs;
      const context = capabilities.severalImages;
      for (const picked of picker.pick({ source, frame, records, nowUs, context, room: () => true })) {
        const keyframe = await picked;
        const jpeg = await evidencePicture(keyframe);
        await stage.room();
        evidence.set(keyOf(keyframe), { jpeg, open: tasks.length });
        stage.offer(keyframe);
      }
    },
    async close(summary) {
      if (summary.status !== 'interrupted') await stage.idle();
      signal.removeEventListener('abort', stop);
      await stage.close();
      try {
        await pass();
      } finally {
        await inner.close(summary);
      }
    },
  };
}
