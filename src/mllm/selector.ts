import { AffectError } from '../domain/errors.js';
import type { SkipReason } from '../domain/insight.js';
import type { Episode } from '../domain/records.js';
import { type Bucket, type Budget, refill } from './keyframe-budget.js';
import {
  afterKeyframe,
  type Candidate,
  judgeFace,
  NEW_TRACK,
  type OpenEpisode,
  type TrackDecision,
  type TrackMemory,
} from './select.js';
import { SELECT_DEFAULTS, type SelectOptions } from './select-options.js';

/** Episodes in progress that are remembered per track. */
const MAX_EPISODES = 64;

export interface FaceInFrame extends Omit<Candidate, 'episodes'> {
  readonly source: string;
  readonly track: number;
  /** Time that budgets run on: media time for files, a clock for live cameras, in microseconds. */
  readonly nowUs: number;
  /** False when the stage has no room: nothing is taken, no budget is spent. */
  readonly room: boolean;
}

/** Whether a face is taken; `ordinal`: its place among the keyframes of its track, from 0. */
export type FaceDecision =
  | (Extract<TrackDecision, { kind: 'take' }> & { readonly ordinal: number })
  | Extract<TrackDecision, { kind: 'skip' }>;

/**
 * Keeps the memory of all tracks and the budgets around the pure choice (select.ts). Everything is bounded; forget
 * tracks and sources when they end.
 */
export class Selector {
  readonly #options: SelectOptions;
  readonly #tracks = new Map<string, TrackMemory>();
  readonly #episodes = new Map<string, Map<string, OpenEpisode>>();
  readonly #cameras = new Map<string, Bucket>();
  #overall: Bucket | null = null;

  /** Throws CONFIG_INVALID that names the option, its range and the value. */
  constructor(options: Partial<SelectOptions> = {}) {
    this.#options = { ...SELECT_DEFAULTS, ...options };
    check(this.#options);
  }

  /** Learns of an episode: 'new', 'update' or 'end'. Call before the frame's faces are considered. */
  episode(episode: Episode): void {
    const key = keyOf(episode);
    if (episode.phase === 'end') {
      this.#episodes.get(key)?.delete(episode.id);
      return;
    }
    const open = this.#episodes.get(key) ?? new Map<string, OpenEpisode>();
    if (open.size >= MAX_EPISODES && !open.has(episode.id)) return;
    open.set(episode.id, {
      episode: { id: episode.id, kind: episode.kind, label: episode.label },
      apexUs: episode.apexUs,
      peak: episode.peak,
    });
    remember(this.#episodes, key, open, this.#options.maxTracks);
  }

  /** Decides on one face; a 'take' is remembered and paid for. O(open episodes). */
  consider(face: FaceInFrame): FaceDecision {
    const key = keyOf(face);
    const track = this.#tracks.get(key) ?? NEW_TRACK;
    const candidate: Candidate = { ...face, episodes: [...(this.#episodes.get(key)?.values() ?? [])] };
    const decision = judgeFace(track, candidate, this.#options);
    if (decision.kind === 'skip') return decision;
    if (!face.room) return { kind: 'skip', reason: 'queue-full' };
    const refused = this.#pay(face);
    if (refused !== null) return { kind: 'skip', reason: refused };
    remember(this.#tracks, key, afterKeyframe(track, candidate, decision.reason), this.#options.maxTracks);
    return { ...decision, ordinal: track.taken };
  }

  /** Forgets a camera or file and its tracks. */
  endSource(source: string): void {
    this.#cameras.delete(source);
    for (const map of [this.#tracks, this.#episodes]) {
      for (const key of map.keys()) if (key.startsWith(`${source}/`)) map.delete(key);
    }
  }

  /** Takes one token from both budgets, or none and says which is spent. */
  #pay({ source, nowUs }: FaceInFrame): SkipReason | null {
    const { perCamera, overall, maxTracks } = this.#options;
    const camera = perCamera && refill(this.#cameras.get(source) ?? null, perCamera, nowUs);
    if (camera && camera.tokens < 1) return 'camera-budget';
    const all = overall && refill(this.#overall, overall, nowUs);
    if (all && all.tokens < 1) return 'overall-budget';
    if (camera) remember(this.#cameras, source, { ...camera, tokens: camera.tokens - 1 }, maxTracks);
    if (all) this.#overall = { ...all, tokens: all.tokens - 1 };
    return null;
  }
}

const keyOf = ({ source, track }: { readonly source: string; readonly track: number }): string => `${source}/${track}`;

/** Sets a key as the newest, and forgets the oldest beyond `limit`. */
function remember<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value!);
}

function check(options: SelectOptions): void {
  const refuse = (name: string, range: string, value: unknown): never => {
    throw new AffectError('CONFIG_INVALID', `mllm select.${name} must be ${range}, got ${JSON.stringify(value)}`);
  };
  for (const name of ['novelFrom', 'duplicateBelow', 'apexRise', 'minSharpness'] as const)
    if (!(options[name] >= 0 && options[name] <= 1)) refuse(name, '0 to 1', options[name]);
  for (const name of [
    'minIntervalSeconds',
    'apexSettleSeconds',
    'maxYawDegrees',
    'maxPitchDegrees',
    'minInterocularPx',
  ] as const)
    if (!(options[name] >= 0)) refuse(name, 'at least 0', options[name]);
  if (!(options.maxIntervalSeconds >= options.minIntervalSeconds))
    refuse('maxIntervalSeconds', 'at least minIntervalSeconds', options.maxIntervalSeconds);
  if (!(Number.isInteger(options.maxTracks) && options.maxTracks >= 1))
    refuse('maxTracks', 'a whole number from 1', options.maxTracks);
  for (const name of ['perCamera', 'overall'] as const) {
    const budget: Budget | null = options[name];
    if (budget && !(budget.perMinute > 0 && budget.burst >= 1))
      refuse(name, 'perMinute above 0 and burst at least 1', budget);
  }
}
