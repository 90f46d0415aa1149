import type { Decoder } from './decoder.js';
import type { ClaimCheck, SkipReason } from './insight.js';
import type { KeepDrop, KeepState, KeptPictureKind } from './keeping.js';
import type { LateRefusal } from './late-evidence.js';
import type { CameraStatus, DropReason, SourceEndReason } from './live.js';
import type { MllmDrop, MllmOutcome } from './mllm-outcomes.js';
import type { NotifyOutcome } from './notify-outcomes.js';
import type { Episode } from './records.js';
import type { RuleFiring } from './rules.js';

/** Everything that is measured, told as it happens; `metrics/` turns it into Prometheus. Methods never throw. */
export interface Telemetry {
  framesArrived(source: string, count: number): void;
  frameDropped(source: string, reason: DropReason, count: number): void;
  /** One analysed frame: faces found, milliseconds from arrival to result. */
  frameAnalysed(source: string, facts: { readonly faces: number; readonly latencyMs: number }): void;
  stageDuration(stage: 'locate' | 'read' | 'advance' | 'preview', ms: number): void;
  /** @param attempts - tries that failed since it was last running */
  cameraStatus(source: string, status: CameraStatus, attempts: number): void;
  /** What decodes its pictures; null while none come. */
  cameraDecoder(source: string, decoder: Decoder | null): void;
  /** How far the analysis is behind, milliseconds; 0 while it keeps up. Told with each frame that arrives. */
  cameraBehind(source: string, ms: number): void;
  /** How far reading is reduced at all cameras: 0 not at all, to 4 (live/reduction.ts). Told when it changes. */
  reduction(level: number): void;
  /** A picture that the decoder complained of. */
  decodeError(source: string): void;
  cameraEnded(source: string, reason: SourceEndReason): void;
  cameraRemoved(source: string): void;
  episode(source: string, kind: Episode['kind'], phase: Episode['phase']): void;
  /** Questions put to an engine at once. */
  mllmAsked(questions: number): void;
  /** What came of one of them. */
  mllmAnswered(answered: {
    readonly engine: string;
    readonly tookMs: number;
    readonly outcome: MllmOutcome;
    readonly tokens: { readonly prompt: number; readonly completion: number };
  }): void;
  /** Questions that wait now: told with every new one and every answer, since an engine may never end one. */
  mllmQueue(waiting: number): void;
  /** A face that was not asked about, and a question that was given up. */
  mllmSkipped(reason: SkipReason): void;
  mllmDropped(reason: MllmDrop): void;
  /** Action units that an insight claims, against what was measured. */
  mllmClaims(check: ClaimCheck): void;
  /** An insight that names an emotion: weighed in to its track's estimate, or why not. */
  mllmFused(outcome: 'accepted' | LateRefusal): void;
  /** Role words: questions of all machines that were put to the engine at once. */
  wordsAsked(questions: number): void;
  /** What became of one of them; 'handed-back': another machine has it now. */
  wordsAnswered(tookMs: number, outcome: MllmOutcome | 'handed-back'): void;
  /** Questions that the engine has, and how many it may have; 0 while none are taken. */
  wordsLoad(underWay: number, limit: number): void;
  /** A rule began or ended at a camera. */
  rule(source: string, rule: string, phase: RuleFiring['phase']): void;
  /** What became of a message to a webhook or broker, or of a try. */
  notified(target: string, outcome: NotifyOutcome): void;
  /** Whether the broker is connected. */
  brokerConnected(target: string, connected: boolean): void;
  /** Messages that wait for a webhook or broker. */
  notifyQueue(target: string, waiting: number): void;
  /** Whether what is kept is being recorded; its files and bytes. */
  keepState(state: KeepState): void;
  keptTotals(files: number, bytes: number): void;
  /** Something of a camera that was not kept. */
  keepDropped(source: string, reason: KeepDrop): void;
  /** What came of a picture that a rule wanted kept. */
  keptPicture(source: string, kind: KeptPictureKind, outcome: 'kept' | 'failed'): void;
  /** WebSocket: a message handed to a client's socket, or dropped for it. */
  messageSent(kind: string): void;
  messageDropped(kind: string, reason: 'slow-client' | 'rate'): void;
  clientConnected(): void;
  clientLeft(reason: 'closed' | 'slow' | 'idle' | 'protocol' | 'shutdown'): void;
  /** Milliseconds from a frame's arrival to the write of its message. */
  deliveryLatency(ms: number): void;
  httpRequest(route: string, status: number): void;
  /** A request or connection refused, by reason. */
  refused(reason: 'token' | 'origin' | 'rate' | 'too-many-clients' | 'payload' | 'malformed'): void;
}
