import { placeOf } from '../../../../src/record/packing.js';
import { bytesOf, createPacker, type PackedFace } from './packed-face.js';
import { TimedList } from './timed-list.js';
import type { FaceRecordJson, FacesMessage, PreviewHeader } from './wire.js';

/** One analysed frame. `atMs` is its arrival on the server's clock, which all cameras share. */
export interface Frame {
  readonly ptsUs: number;
  readonly atMs: number;
  readonly frame: number;
  readonly wallTime: string | null;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly faces: readonly PackedFace[];
}

/** One picture; `picture` is opaque here (a Blob in the page). */
export interface Picture {
  readonly ptsUs: number;
  readonly atMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bytes: number;
  readonly picture: unknown;
}

/** A face at a time, in the series of its track. */
export interface TrackPoint {
  readonly atMs: number;
  readonly face: PackedFace;
}

export interface CameraHistory {
  readonly frames: TimedList<Frame>;
  readonly pictures: TimedList<Picture>;
  readonly tracks: Map<number, TimedList<TrackPoint>>;
  /** Server clock less media time, of the newest frame, milliseconds. */
  clockMs: number | null;
}

export interface HistoryOptions {
  /** How far back frames, faces and pictures go. @default 180000 */
  readonly windowMs?: number;
  /** Most bytes of faces; the oldest of all cameras go first. @default 96 MiB */
  readonly maxFaceBytes?: number;
  /** Most bytes of pictures; the oldest of all cameras go first. @default 64 MiB */
  readonly maxPictureBytes?: number;
  /** Pictures younger than this are all kept, @default 6000; older ones at most one per `thinnedMs`. @default 500 */
  readonly freshMs?: number;
  readonly thinnedMs?: number;
}

/** What the page remembers of the last minutes: faces as received, pictures thinned; bounded in time and in bytes. */
export class History {
  readonly cameras = new Map<string, CameraHistory>();
  readonly #options: Required<HistoryOptions>;
  #packer = createPacker([]);
  #units: readonly string[] = [];
  #faceBytes = 0;
  #pictureBytes = 0;
  /** Pictures up to here are thinned already, by camera. */
  readonly #thinnedTo = new Map<string, number>();

  constructor(options: HistoryOptions = {}) {
    this.#options = {
      windowMs: options.windowMs ?? 180_000,
      maxFaceBytes: options.maxFaceBytes ?? 96 * 2 ** 20,
      maxPictureBytes: options.maxPictureBytes ?? 64 * 2 ** 20,
      freshMs: options.freshMs ?? 6000,
      thinnedMs: options.thinnedMs ?? 500,
    };
  }

  /** Action unit keys, in the order of the packed values. */
  get units(): readonly string[] {
    return this.#units;
  }

  get bytes(): { readonly faces: number; readonly pictures: number } {
    return { faces: this.#faceBytes, pictures: this.#pictureBytes };
  }

  get windowMs(): number {
    return this.#options.windowMs;
  }

  /** Forgets all: another run of the server counts tracks and media time anew. */
  restart(units: readonly string[]): void {
    this.cameras.clear();
    this.#thinnedTo.clear();
    this.#faceBytes = 0;
    this.#pictureBytes = 0;
    this.#units = [...units];
    this.#packer = createPacker(units);
  }

  forget(source: string): void {
    const camera = this.cameras.get(source);
    if (!camera) return;
    for (const frame of camera.frames) this.#faceBytes -= frameBytes(frame);
    for (const { bytes } of camera.pictures) this.#pictureBytes -= bytes;
    this.cameras.delete(source);
    this.#thinnedTo.delete(source);
  }

  /** Forgets all pictures, and keeps the faces. */
  forgetPictures(): void {
    for (const { pictures } of this.cameras.values()) pictures.filter(() => false);
    this.#thinnedTo.clear();
    this.#pictureBytes = 0;
  }

  addFaces(message: FacesMessage): void {
    const camera = this.#camera(message.source);
    camera.clockMs = message.arrivedAtMs - message.ptsUs / 1000;
    const atMs = message.arrivedAtMs;
    const frame: Frame = {
      ptsUs: message.ptsUs,
      atMs,
      frame: message.frame,
      wallTime: message.faces[0]?.wallTime ?? null,
      widthPx: message.widthPx,
      heightPx: message.heightPx,
      faces: message.faces.map((record) => this.#packer.pack(record)),
    };
    camera.frames.push(frame);
    this.#faceBytes += frameBytes(frame);
    for (const face of frame.faces) {
      const { track } = face.kept;
      if (track === null) continue;
      let series = camera.tracks.get(track);
      if (!series) {
        series = new TimedList(({ atMs: time }: TrackPoint) => time);
        camera.tracks.set(track, series);
      }
      series.push({ atMs, face });
    }
    this.#prune(atMs);
  }

  /** @param receivedAtMs - server clock; dates the picture while no frame of its camera was analysed */
  addPicture(header: PreviewHeader, picture: { readonly data: unknown; readonly bytes: number }, receivedAtMs: number) {
    const camera = this.#camera(header.source);
    const atMs = camera.clockMs === null ? receivedAtMs : header.ptsUs / 1000 + camera.clockMs;
    const { ptsUs, widthPx, heightPx } = header;
    camera.pictures.push({ ptsUs, atMs, widthPx, heightPx, bytes: picture.bytes, picture: picture.data });
    this.#pictureBytes += picture.bytes;
    this.#thin(header.source, camera);
    this.#prune(atMs);
  }

  /** Records as the server sent them, without landmarks, by camera and time. */
  *records(): Generator<FaceRecordJson> {
    for (const [source, camera] of this.cameras) {
      for (const { frame, ptsUs, wallTime, faces } of camera.frames) {
        for (const face of faces) yield this.#packer.unpack(face, { source, frame, ptsUs, wallTime });
      }
    }
  }

  /** Oldest and newest moment in memory, server clock; null when there is none. */
  span(): { readonly fromMs: number; readonly toMs: number } | null {
    let fromMs = Number.POSITIVE_INFINITY;
    let toMs = Number.NEGATIVE_INFINITY;
    for (const { frames, pictures } of this.cameras.values()) {
      for (const list of [frames, pictures]) {
        fromMs = Math.min(fromMs, list.oldest?.atMs ?? fromMs);
        toMs = Math.max(toMs, list.newest?.atMs ?? toMs);
      }
    }
    return fromMs <= toMs ? { fromMs, toMs } : null;
  }

  #camera(source: string): CameraHistory {
    let camera = this.cameras.get(source);
    if (!camera) {
      camera = {
        frames: new TimedList((frame: Frame) => frame.atMs),
        pictures: new TimedList((picture: Picture) => picture.atMs),
        tracks: new Map(),
        clockMs: null,
      };
      this.cameras.set(source, camera);
    }
    return camera;
  }

  /** Leaves one picture per `thinnedMs` of those that are no longer fresh. */
  #thin(source: string, { pictures }: CameraHistory): void {
    const newest = pictures.newest!.atMs;
    const until = newest - this.#options.freshMs;
    const from = this.#thinnedTo.get(source) ?? Number.NEGATIVE_INFINITY;
    // In steps of a second, so that filtering costs little.
    if (until < from + 1000) return;
    let kept = Number.NEGATIVE_INFINITY;
    pictures.filter((picture) => {
      const keep = picture.atMs > until || picture.atMs <= from || picture.atMs - kept >= this.#options.thinnedMs;
      if (keep) kept = picture.atMs;
      else this.#pictureBytes -= picture.bytes;
      return keep;
    });
    this.#thinnedTo.set(source, until);
  }

  #prune(nowMs: number): void {
    const before = nowMs - this.#options.windowMs;
    for (const camera of this.cameras.values()) {
      while ((camera.frames.oldest?.atMs ?? before) < before) this.#dropFrame(camera);
      while ((camera.pictures.oldest?.atMs ?? before) < before) this.#dropPicture(camera);
    }
    while (this.#faceBytes > this.#options.maxFaceBytes) {
      const oldest = this.#cameraOfOldest('frames');
      if (!oldest) break;
      this.#dropFrame(oldest);
    }
    while (this.#pictureBytes > this.#options.maxPictureBytes) {
      const oldest = this.#cameraOfOldest('pictures');
      if (!oldest) break;
      this.#dropPicture(oldest);
    }
  }

  #cameraOfOldest(what: 'frames' | 'pictures'): CameraHistory | undefined {
    const filled = [...this.cameras.values()].filter((camera) => camera[what].length > 0);
    return filled.sort((a, b) => a[what].oldest!.atMs - b[what].oldest!.atMs)[0];
  }

  #dropFrame(camera: CameraHistory): void {
    const frame = camera.frames.shift();
    if (!frame) return;
    this.#faceBytes -= frameBytes(frame);
    for (const { kept } of frame.faces) {
      const { track } = kept;
      const series = track === null ? undefined : camera.tracks.get(track);
      if (!series) continue;
      while ((series.oldest?.atMs ?? Number.POSITIVE_INFINITY) <= frame.atMs) series.shift();
      if (series.length === 0) camera.tracks.delete(track!);
    }
  }

  #dropPicture(camera: CameraHistory): void {
    this.#pictureBytes -= camera.pictures.shift()?.bytes ?? 0;
  }
}

const BOX = placeOf('box');

const frameBytes = (frame: Frame): number => frame.faces.reduce((sum, face) => sum + bytesOf(face), 200);

/** Box of a packed face in pixels of the working frame; null when it has none. */
export function boxOf({ values }: PackedFace): { left: number; top: number; right: number; bottom: number } | null {
  const [left, top, right, bottom] = values.subarray(BOX, BOX + 4) as unknown as [number, number, number, number];
  return Number.isNaN(left) ? null : { left, top, right, bottom };
}
