import { call } from '../rest.js';
import type { View } from '../view.js';
import { startWebcam, type Webcam } from '../webcam.js';

/** Where this browser's pictures can go: a camera that waits for some, a new one, or nowhere. */
export type WebcamTarget = { readonly id: string } | 'new' | null;

/** Which of them this page's token allows. */
export function webcamTarget(view: View | undefined): WebcamTarget {
  const scopes = view?.state.server?.scopes ?? [];
  if (!scopes.includes('push')) return null;
  if (scopes.includes('admin')) return 'new';
  const cameras = [...(view?.state.cameras.values() ?? [])];
  return cameras.find(({ inputType, status }) => inputType === 'push' && status !== 'running') ?? null;
}

interface WebcamSessionOptions {
  readonly push: (source: string, jpeg: Uint8Array) => boolean;
  /** It was started or has ended, whoever ended it. */
  readonly changed: (running: boolean) => void;
}

/** This browser's webcam on its way to the server: adds a camera of type push where needed, and takes it away again. */
export class WebcamSession {
  readonly #options: WebcamSessionOptions;
  #running: { readonly webcam: Webcam; readonly source: string; readonly added: boolean; seen: boolean } | null = null;

  constructor(options: WebcamSessionOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  /** Rejects when the person or the browser says no, or the server does not take the camera. */
  async start(target: NonNullable<WebcamTarget>): Promise<void> {
    const added = target === 'new';
    // The person is asked first: no camera is added for one who says no.
    const source = added ? `browser-${Math.random().toString(36).slice(2, 6)}` : target.id;
    let ready = false;
    const webcam = await startWebcam({
      push: (jpeg) => ready && this.#options.push(source, jpeg),
      ended: () => this.stop(),
    });
    try {
      const body = { id: source, name: 'Browser webcam', input: { type: 'push' }, maxSidePx: 640 };
      if (added) await call('POST', 'sources', body);
    } catch (error) {
      webcam.stop();
      throw error;
    }
    ready = true;
    this.#running = { webcam, source, added, seen: false };
    this.#options.changed(true);
  }

  /** Does nothing when it does not run. */
  stop(): void {
    const was = this.#running;
    if (!was) return;
    this.#running = null;
    was.webcam.stop();
    this.#options.changed(false);
    // The server may be away: then the camera stays there, without pictures, until it is removed.
    if (was.added) call('DELETE', `sources/${was.source}`).catch(() => undefined);
  }

  /** Ends it when its camera is there no more: removed by somebody, or this is another run of the server. */
  update({ state }: View): void {
    if (!this.#running) return;
    const there = state.cameras.has(this.#running.source);
    if (this.#running.seen && !there) {
      this.#running = { ...this.#running, added: false };
      this.stop();
    } else this.#running.seen ||= there;
  }
}
