import type { LandmarkChoice } from '../domain/face.js';
import type { LiveEvent, Preview, SystemStats } from '../domain/live.js';
import type { SystemInfo } from '../live/live-system.js';
import { encodeBinary } from '../protocol/binary.js';
import type { PreviewHeader, ServerMessage } from '../protocol/messages.js';
import { jsonEpisode, recordLine } from '../record/record-json.js';

type Faces = Extract<LiveEvent, { type: 'faces' }>;
type Told = Extract<LiveEvent, { type: 'episode' | 'insight' | 'rule' | 'state' | 'removed' }>;

export const encodeMessage = (message: ServerMessage): Buffer => Buffer.from(JSON.stringify(message));

/** A faces event as its message: made once for each choice of landmarks, when first asked for, and shared. */
export class FacesMessages {
  readonly #made: Partial<Record<LandmarkChoice, Buffer>> = {};

  constructor(
    private readonly event: Faces,
    private readonly sentAtMs: number,
  ) {}

  of(landmarks: LandmarkChoice): Buffer {
    const known = this.#made[landmarks];
    if (known) return known;
    const { source, frame, ptsUs, widthPx, heightPx, wallTimeMs, records } = this.event;
    const facts = { type: 'faces', source, frame, ptsUs, widthPx, heightPx, arrivedAtMs: wallTimeMs };
    // The records are JSON already, the same as in files.
    const head = JSON.stringify({ ...facts, sentAtMs: this.sentAtMs }).slice(0, -1);
    const made = Buffer.from(`${head},"faces":[${records.map((record) => recordLine(record, landmarks)).join(',')}]}`);
    this.#made[landmarks] = made;
    return made;
  }
}

/** A preview as its binary message: made once for each subscription id, and shared by all clients that use it. */
export class PreviewMessages {
  readonly #made = new Map<string, Uint8Array>();

  constructor(readonly preview: Preview) {}

  of(id: string): Uint8Array {
    const known = this.#made.get(id);
    if (known) return known;
    const { source, ptsUs, widthPx, heightPx, jpeg } = this.preview;
    const header: PreviewHeader = { type: 'preview', id, source, ptsUs, widthPx, heightPx };
    const made = encodeBinary(header, jpeg);
    this.#made.set(id, made);
    return made;
  }
}

export const base64 = (bytes: Uint8Array | null): string | null =>
  bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** A numbered message. */
export function encodeTold(event: Told, seq: number): Buffer {
  switch (event.type) {
    case 'episode': {
      const { source, wallTimeMs, episode } = event;
      return Buffer.from(
        JSON.stringify({ type: 'episode', seq, source, atMs: wallTimeMs, episode: jsonEpisode(episode) }),
      );
    }
    case 'insight': {
      const { source, wallTimeMs, insight, fusion, evidenceJpeg } = event;
      const about = { atMs: wallTimeMs, insight, fusion, evidenceJpeg: base64(evidenceJpeg) };
      const message = { type: 'insight', seq, source, ...about };
      return Buffer.from(JSON.stringify(message));
    }
    case 'rule': {
      const { source, wallTimeMs, firing } = event;
      return encodeMessage({ type: 'rule', seq, source, atMs: wallTimeMs, firing });
    }
    case 'state':
      return encodeMessage({ type: 'state', seq, state: plainState(event.state) });
    case 'removed':
      return encodeMessage({ type: 'removed', seq, source: event.source });
  }
}

/** An answer in the making; not numbered, since the insight that follows says it all. */
export function encodeWriting({ wallTimeMs, ...writing }: Extract<LiveEvent, { type: 'writing' }>): Buffer {
  const { type, source, track, ptsUs, task, emotion, text } = writing;
  return encodeMessage({ type, source, atMs: wallTimeMs, track, ptsUs, task, emotion, text });
}

/** What a welcome says of the installation. */
export const plainInfo = ({ mienVersion, purpose, emotions, actionUnits, device, notice }: SystemInfo) => ({
  server: mienVersion,
  purpose,
  emotions,
  actionUnits: [...actionUnits],
  device,
  notice,
});

/** A state as a message has it. */
export function plainState(
  state: Extract<LiveEvent, { type: 'state' }>['state'],
): Extract<ServerMessage, { type: 'state' }>['state'] {
  const { lastEnd, stream, reduced } = state;
  return {
    ...state,
    lastEnd: lastEnd && { ...lastEnd },
    stream: stream && { ...stream },
    reduced: reduced && { ...reduced, looks: [...reduced.looks] },
  };
}

export function encodeStats(stats: SystemStats, clients: number, atMs: number): Buffer {
  const { uptimeSeconds, rssBytes, lanes, laneRestarts, eventLoopLagMs, cameras } = stats;
  const system = { uptimeSeconds, rssBytes, lanes, laneRestarts, eventLoopLagMs, clients };
  return Buffer.from(JSON.stringify({ type: 'stats', atMs, system, cameras }));
}
