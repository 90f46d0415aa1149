import type { Subscription as RxSubscription } from 'rxjs';
import type { MessageKind } from '../protocol/constants.js';
import type { Subscribe } from '../protocol/messages.js';
import type { PreviewChoice } from './preview-feeds.js';
import { type CameraChoice, sees } from './tokens.js';
import type { FacesWants } from './wanted-cameras.js';

const DEFAULT_PREVIEW: PreviewChoice = { maxFps: 10, maxSidePx: 640, blurFaces: false };

/** Cameras whose next message a subscription keeps in mind. */
const MAX_RATED_SOURCES = 1024;

/** One subscription of one client. */
export class ClientSubscription {
  readonly #kinds: ReadonlySet<MessageKind>;
  readonly #sources: ReadonlySet<string> | null;
  readonly #dueMs = new Map<string, number>();
  readonly #previews = new Map<string, RxSubscription>();

  /** @param seen - cameras that the client may see */
  constructor(
    private readonly request: Subscribe,
    private readonly seen: CameraChoice = null,
  ) {
    this.#kinds = new Set(request.kinds);
    this.#sources = request.sources === '*' ? null : new Set(request.sources);
  }

  get landmarks(): Subscribe['landmarks'] {
    return this.request.landmarks;
  }

  wants(kind: MessageKind, source: string): boolean {
    return this.#kinds.has(kind) && (this.#sources === null || this.#sources.has(source)) && sees(this.seen, source);
  }

  /** Adds the cameras whose frames it wants. */
  addWants({ faces, landmarks }: FacesWants): void {
    if (!this.has('faces')) return;
    faces.add(this.#sources ?? '*');
    if (this.landmarks !== 'none') landmarks.add(this.#sources ?? '*');
  }

  has(kind: MessageKind): boolean {
    return this.#kinds.has(kind);
  }

  /** True when a frame of this camera may be sent now without going over the rate; it then counts as sent. */
  due(source: string, nowMs: number): boolean {
    const { maxRateHz } = this.request;
    if (maxRateHz === undefined) return true;
    const intervalMs = 1000 / maxRateHz;
    const dueMs = this.#dueMs.get(source) ?? nowMs;
    if (nowMs < dueMs) return false;
    if (this.#dueMs.size >= MAX_RATED_SOURCES) this.#dueMs.clear();
    // On a grid, so that frames a little early or late do not lower the rate; anew after a pause.
    this.#dueMs.set(source, (nowMs - dueMs < intervalMs ? dueMs : nowMs) + intervalMs);
    return true;
  }

  /** Opens pictures of the cameras that are there and have none yet. */
  openPreviews(
    cameras: readonly string[],
    open: (source: string, choice: PreviewChoice, onEnd: () => void) => RxSubscription,
  ): void {
    if (!this.#kinds.has('preview')) return;
    for (const source of cameras) {
      if (!this.wants('preview', source) || this.#previews.has(source)) continue;
      const choice = this.request.preview ?? DEFAULT_PREVIEW;
      let ended = false;
      const subscription = open(source, choice, () => {
        ended = true;
        this.#previews.delete(source);
      });
      if (!ended) this.#previews.set(source, subscription);
    }
  }

  close(): void {
    for (const preview of this.#previews.values()) preview.unsubscribe();
    this.#previews.clear();
    this.#dueMs.clear();
  }
}
