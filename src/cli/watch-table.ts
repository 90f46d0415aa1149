import type {
  CameraStateJson,
  FacesMessage,
  StatsMessage,
  SubscriptionMessage,
  WelcomeMessage,
} from '../client/index.js';
import { counted } from '../domain/counted.js';
import { firingWords } from '../domain/firing-words.js';
import { authorWords, clean, episodeWords, faceWords, insightWords, troubleWords } from './watch-text.js';

const EPISODES = 8;
const BAR_CELLS = 10;

/** ▓▓▓▓░░░░░░ of 0..1 */
function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS);
  return '▓'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** What `mien watch` shows on a terminal: the newest of every camera, and the last episodes. */
export class WatchTable {
  #welcome: WelcomeMessage | null = null;
  #stats: StatsMessage | null = null;
  readonly #cameras = new Map<string, { state: CameraStateJson; faces: FacesMessage | null }>();
  readonly #episodes: string[] = [];

  /**
   * @param sources - cameras to show; null for all
   * @param facesComing - readings were asked for; without them nothing is said of faces
   */
  constructor(
    private readonly sources: readonly string[] | null,
    private readonly facesComing = true,
  ) {}

  welcome(message: WelcomeMessage): void {
    this.#welcome = message;
    this.#cameras.clear();
    for (const state of message.sources) this.#put(state);
  }

  accept(message: SubscriptionMessage): void {
    if (message.type === 'faces') {
      const camera = this.#cameras.get(message.source);
      if (camera) camera.faces = message;
    } else if (message.type === 'episode') {
      this.#episodes.unshift(`${message.source}  ${episodeWords(message)}`);
      this.#episodes.length = Math.min(this.#episodes.length, EPISODES);
    } else if (message.type === 'insight') {
      this.#episodes.unshift(`${message.source}  ${authorWords(message)} of ${insightWords(message)}`);
      this.#episodes.length = Math.min(this.#episodes.length, EPISODES);
    } else if (message.type === 'rule') {
      this.#episodes.unshift(`${message.source}  ${firingWords(message.firing)}`);
      this.#episodes.length = Math.min(this.#episodes.length, EPISODES);
    } else if (message.type === 'state') this.#put(message.state);
    else if (message.type === 'removed') this.#cameras.delete(message.source);
    else if (message.type === 'stats') this.#stats = message;
  }

  /** Lines for a terminal of this size. @param note - state of the connection */
  lines(size: { readonly columns: number; readonly rows: number }, note: string): string[] {
    const lines = [clean(`mien ${this.#welcome?.server ?? ''}  purpose ${this.#welcome?.purpose ?? ''}  ${note}`), ''];
    for (const [id, { state, faces }] of this.#cameras) {
      lines.push(this.#cameraLine(id, state));
      if (state.status !== 'running') {
        const lastEnd = this.#numbersOf(id)?.lastEnd ?? state.lastEnd;
        if (lastEnd) lines.push(`  ${clean(lastEnd.message)}`);
      } else if (this.facesComing) lines.push(...faceLines(faces));
    }
    for (const id of this.sources ?? [])
      if (!this.#cameras.has(id)) lines.push(`${clean(id)}  there is no such camera`);
    if (this.#episodes.length > 0) lines.push('', 'Episodes', ...this.#episodes.map((line) => `  ${line}`));
    lines.push('', 'Ctrl-C ends');
    return lines.slice(0, size.rows).map((line) => line.slice(0, size.columns));
  }

  #put(state: CameraStateJson): void {
    if (this.sources && !this.sources.includes(state.id)) return;
    this.#cameras.set(state.id, { state, faces: this.#cameras.get(state.id)?.faces ?? null });
  }

  #numbersOf(id: string): StatsMessage['cameras'][number] | undefined {
    return this.#stats?.cameras.find((camera) => camera.id === id);
  }

  #cameraLine(id: string, state: CameraStateJson): string {
    const { name, status } = state;
    const numbers = this.#numbersOf(id);
    const tries =
      numbers && status === 'waiting' && numbers.attempts > 0 ? `  ${counted(numbers.attempts, 'try', 'tries')}` : '';
    const trouble = troubleWords({ ...state, behindMs: numbers?.behindMs ?? state.behindMs }).map(
      (words) => `  ${words}`,
    );
    const rate = numbers && status === 'running' ? `  ${numbers.analysedFps.toFixed(1)} fps` : '';
    const latency = numbers?.latencyMs ? `  p95 ${Math.round(numbers.latencyMs.p95)} ms` : '';
    return `${id}${name === id ? '' : `  (${clean(name)})`}  ${status}${tries}${rate}${latency}${trouble.join('')}`;
  }
}

function faceLines(message: FacesMessage | null): string[] {
  const faces = (message?.faces ?? []).filter(({ track }) => track !== null);
  if (faces.length === 0) return ['  no face'];
  return faces.map((face) => {
    const point = face.valenceArousal?.smoothed;
    const feeling = point ? `  valence ${signed(point.valence)} arousal ${signed(point.arousal)}` : '';
    return `  face ${face.track}  ${bar(face.confidence ?? 0)} ${faceWords(face)}${feeling}`;
  });
}
