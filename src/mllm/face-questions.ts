import { merge, type Observable, Subject } from 'rxjs';
import { AffectError } from '../domain/errors.js';
import type { EngineCapabilities, EngineOutcome, Keyframe, MllmEngine } from '../domain/insight.js';
import type { LiveWriting } from '../domain/live.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { type Clock, SYSTEM_CLOCK } from '../rx/clock.js';
import { callEngine } from './call-engine.js';
import { cutKeyframe } from './crops.js';
import { insightFromAnswer, tokensOf } from './insight-from-answer.js';
import { keyframeEvidence } from './job-request.js';
import { evidencePicture } from './keyframe-picker.js';
import type { AnsweredInsight, Asker, FaceQuestion, KeyframeSink, SeenFrame } from './keyframe-sink.js';
import { plainText } from './parse/bounds.js';
import { parseAsked } from './parse/parse-asked.js';
import { shownWords } from './parse/shown-words.js';
import { wantKey, wantOf } from './picture-wants.js';
import { ASKED } from './prompts/asked.js';
import { buildRequest } from './prompts/build-request.js';
import { recordPriors } from './record-priors.js';
import { recordReadings } from './record-readings.js';
import { toldPriors } from './told-priors.js';
import { throttled } from './writing.js';

/** An engine that can be asked now. */
export interface ReadyEngine {
  readonly engine: MllmEngine;
  readonly capabilities: EngineCapabilities;
}

/** How questions of persons are answered. */
export interface FaceQuestionsOptions {
  /** Asks about keyframes by itself; what it says is passed on. Null: nobody does. */
  readonly inner: KeyframeSink | null;
  /** Null while it cannot be reached. */
  readonly ready: () => ReadyEngine | null;
  /** False in AU-only mode: then only an engine that repeats measurements answers. */
  readonly emotions: boolean;
  /** Put half of what was measured into the question. */
  readonly priors: boolean;
  /** Side of the picture that is sent. */
  readonly imagePx: number;
  /** Longest wait for an answer. */
  readonly timeoutMs: number;
  /** False: answers come without the face that was asked about. */
  readonly showFaces: boolean;
  readonly clock?: Clock;
}

/** Questions that are open at once; each may cost a model seconds. */
const MOST_OPEN = 4;
/** Longest wait for the face to be seen again. */
const FACE_WAIT_MS = 3_000;

interface Waiting {
  readonly asked: FaceQuestion;
  /** The engine as it was when the question came. */
  readonly engine: ReadyEngine;
  readonly found: (keyframe: Promise<AskedKeyframe>) => void;
  readonly gone: (why: AffectError) => void;
}

interface AskedKeyframe extends Keyframe {
  readonly wallTimeMs: number;
}

/**
 * Answers questions that persons ask about faces of live cameras: at the next frame that shows the face, with its picture
 * and what was measured. A question changes nothing but its answer, and is no evidence. Bounded in number and time.
 */
export class FaceQuestions implements KeyframeSink, Asker {
  readonly insights: Observable<AnsweredInsight>;
  readonly writings: Observable<LiveWriting>;
  readonly #options: FaceQuestionsOptions;
  readonly #clock: Clock;
  readonly #told = new Subject<AnsweredInsight>();
  readonly #writing = new Subject<LiveWriting>();
  readonly #waiting = new Set<Waiting>();
  readonly #closing = new AbortController();
  #open = 0;
  #asked = 0;

  constructor(options: FaceQuestionsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    const { inner } = options;
    this.insights = inner ? merge(inner.insights, this.#told) : this.#told;
    this.writings = inner ? merge(inner.writings, this.#writing) : this.#writing;
  }

  offer(seen: SeenFrame): void {
    this.#options.inner?.offer(seen);
    for (const waiting of this.#waiting) {
      const { asked, engine, found } = waiting;
      const record = seen.source === asked.source && seen.records.find(({ track }) => track === asked.track);
      const keyframe = record && this.#keyframe(seen, record, engine);
      if (keyframe) found(keyframe);
    }
  }

  ended(episodes: readonly Episode[]): void {
    this.#options.inner?.ended(episodes);
  }

  endSource(source: string): void {
    this.#options.inner?.endSource(source);
    for (const { asked, gone } of this.#waiting) if (asked.source === source) gone(unseen(asked));
  }

  /**
   * Answers one question; its place is free at once when nobody waits for the answer any more. Rejects with QUESTIONS_OFF, QUESTIONS_BUSY, TRACK_UNKNOWN when the face is not seen again,
   * ENGINE_UNAVAILABLE or ENGINE_TIMEOUT; each message is one line that names the way out.
   */
  async ask(asked: FaceQuestion): Promise<AnsweredInsight> {
    const engine = this.#ready();
    if (this.#open >= MOST_OPEN)
      throw new AffectError('QUESTIONS_BUSY', `${MOST_OPEN} questions are being answered; ask again in a moment`);
    this.#open += 1;
    try {
      const askedAtMs = this.#clock.nowMs();
      const answered = await this.#answer(asked, engine, await this.#find(asked, engine), askedAtMs);
      this.#told.next(answered);
      return answered;
    } finally {
      this.#open -= 1;
    }
  }

  /** Gives up what is open; the inner sink is its owner's to close. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { asked, gone } of this.#waiting) gone(unseen(asked));
    this.#told.complete();
    this.#writing.complete();
  }

  #ready(): ReadyEngine {
    const ready = this.#options.ready();
    if (ready === null || this.#closing.signal.aborted)
      throw new AffectError(
        'ENGINE_UNAVAILABLE',
        'the language model cannot be reached now; start it, or ask again later',
      );
    if (!this.#options.emotions && ready.capabilities.readings !== true)
      throw new AffectError(
        'QUESTIONS_OFF',
        'mode au-only infers no emotion, but a model may name one; set mllm.engine.type: measured to ask about movements',
      );
    return ready;
  }

  /** The face at the next frame that shows it. */
  #find(asked: FaceQuestion, engine: ReadyEngine): Promise<AskedKeyframe> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        asked.gone?.removeEventListener('abort', giveUp);
        cancel();
        this.#waiting.delete(waiting);
      };
      const giveUp = (): void => waiting.gone(givenUp());
      const waiting: Waiting = {
        asked,
        engine,
        found: (keyframe) => {
          end();
          resolve(keyframe);
        },
        gone: (why) => {
          end();
          reject(why);
        },
      };
      const cancel = this.#clock.after(FACE_WAIT_MS, () => waiting.gone(unseen(asked)));
      this.#waiting.add(waiting);
      if (asked.gone?.aborted) giveUp();
      else asked.gone?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Null where the record has no mesh. What is needed of the frame is copied before this returns. */
  #keyframe(
    { source, frame, wallTimeMs }: SeenFrame,
    record: FaceRecord,
    { capabilities }: ReadyEngine,
  ): Promise<AskedKeyframe> | null {
    const { track, ptsUs, mesh, box } = record;
    if (track === null || mesh === null || box === null) return null;
    const want = wantOf(ASKED, { imagePx: this.#options.imagePx, capabilities });
    const cut = cutKeyframe({ frame, mesh, box, wants: [want] });
    const facts = { source, track, ptsUs, frame: frame.index, reason: 'asked', episode: null, wallTimeMs } as const;
    const measured = { priors: recordPriors(record), readings: recordReadings(record) };
    const ordinal = this.#asked++;
    return cut.then((crops) => ({ ...facts, ...measured, ordinal, ...crops }));
  }

  async #answer(
    { source, track, question, gone }: FaceQuestion,
    { engine, capabilities }: ReadyEngine,
    keyframe: AskedKeyframe,
    askedAtMs: number,
  ): Promise<AnsweredInsight> {
    const { priors: tells, timeoutMs, imagePx, showFaces } = this.#options;
    const repeats = capabilities.readings === true;
    const told = repeats ? keyframe.priors : tells ? toldPriors(keyframe.priors, keyframe.ordinal) : null;
    const plain = plainText(question) ?? '';
    const request = buildRequest({
      template: ASKED,
      images: keyframe.pictures[wantKey(wantOf(ASKED, { imagePx, capabilities }))] ?? [keyframe.faceJpeg],
      priors: repeats ? null : told,
      evidence: keyframeEvidence(keyframe, told, capabilities),
      capabilities,
      question: plain,
      ...(repeats ? { readings: keyframe.readings } : {}),
    });
    const { ptsUs, wallTimeMs } = keyframe;
    const onText = throttled(this.#clock, (soFar) => {
      const text = shownWords(soFar) ?? '';
      this.#writing.next({ source, track, ptsUs, task: 'asked', emotion: null, text, wallTimeMs });
    });
    const calls = [{ request, deadlineMs: timeoutMs, onText, ...(gone && { givenUp: gone }) }];
    const [coming] = callEngine(engine, calls, { clock: this.#clock, signal: this.#closing.signal });
    const answer = answerOf(await coming!);
    const insight = insightFromAnswer({
      keyframe,
      task: 'asked',
      question: plain,
      promptId: ASKED.id,
      engine,
      parsed: parseAsked(answer.text),
      told: Object.keys(told?.actionUnits ?? {}),
      repeats,
      tokens: tokensOf(answer),
      truncated: answer.truncated,
      latencyMs: this.#clock.nowMs() - askedAtMs,
      evidence: null,
    });
    const evidenceJpeg = showFaces ? await evidencePicture(keyframe) : null;
    const id = `${source}/${track}/answer/${keyframe.ordinal + 1}`;
    return { source, insight: { ...insight, id }, evidence: null, evidenceJpeg, wallTimeMs };
  }
}

/** The answer, or the typed error of how it failed. */
function answerOf(outcome: EngineOutcome) {
  if (outcome.kind === 'ok') return outcome.answer;
  if (outcome.reason === 'timeout')
    throw new AffectError('ENGINE_TIMEOUT', `${outcome.message}; raise mllm.engine.timeout, or ask again`);
  throw new AffectError('ENGINE_UNAVAILABLE', `${outcome.message}; ask again when the language model answers`);
}

const givenUp = (): AffectError =>
  new AffectError('ENGINE_UNAVAILABLE', 'nobody waits for the answer any more; ask again');

const unseen = ({ source, track }: FaceQuestion): AffectError =>
  new AffectError('TRACK_UNKNOWN', `face ${track} is not seen at camera ${source}; ask about a face that is in view`);
