import type { Frame } from '../domain/frame.js';
import { PEOPLE_VERSION, type PeopleFile, type Person } from '../domain/people.js';
import type { FaceRecord } from '../domain/records.js';
import { readAppearance } from '../faces/appearance.js';
import { SAME_VIEW } from './find-view.js';
import { joinTracks } from './join-tracks.js';
import { Setups, type Shown } from './setups.js';
import { GrowingTracklet, type Tracklet } from './tracklet.js';

/** Yaw in radians up to which a face is compared with others: further turned ones are like nobody. */
const COMPARED_YAW = 0.35;

/**
 * Gathers where and when the tracks of one run were, and says at its end who they are. Everything comes from records and pictures,
 * which a resumed run sees again: nothing of it is in a journal. Appearances, where asked for, are in memory until the run ends.
 */
export class PeopleGatherer {
  readonly #source: string;
  readonly #looks: boolean;
  readonly #setups = new Setups();
  readonly #tracks = new Map<number, GrowingTracklet>();
  #pending: readonly FaceRecord[] = [];
  #widthPx = 1;
  #shown: Shown = { setup: 0, view: SAME_VIEW };

  /** @param options.appearance - compare what faces look like, coarsely */
  constructor(options: { readonly source: string; readonly appearance: boolean }) {
    this.#source = options.source;
    this.#looks = options.appearance;
  }

  /** All records of the next frame; its picture, if any, comes after them. */
  records(batch: readonly FaceRecord[]): void {
    this.#settle();
    this.#pending = batch;
  }

  /** The picture of the frame whose records came last. */
  frame(frame: Frame): void {
    const faces = this.#pending.flatMap(({ box }) => box ?? []);
    this.#widthPx = frame.widthPx;
    this.#shown = this.#setups.look(frame, faces);
    if (this.#looks)
      for (const { track, mesh, pose, validity } of this.#pending)
        if (track !== null && mesh && pose && validity === 'ok' && Math.abs(pose.yaw) <= COMPARED_YAW)
          this.#tracklet(track).look(() => readAppearance(frame, mesh));
    this.#settle();
  }

  /** The tracks up to here, as joining sees them. */
  tracklets(): readonly Tracklet[] {
    this.#settle();
    return [...this.#tracks.values()].flatMap(
      (growing) => growing.tracklet((shown) => this.#setups.settled(shown)) ?? [],
    );
  }

  /** Who is who. @param join - false: each track is a person of its own, as of a run that was stopped */
  decide({ join }: { readonly join: boolean }): PeopleFile {
    const tracklets = this.tracklets();
    const tracks = tracklets.map(({ track, seen }) => ({ track, seen })).sort((a, b) => a.track - b.track);
    const people = join ? joinTracks(tracklets) : tracks.map(({ track }) => alone(track));
    return { v: PEOPLE_VERSION, source: this.#source, people, ignored: [], joined: people, tracks };
  }

  #tracklet(track: number): GrowingTracklet {
    const known = this.#tracks.get(track) ?? new GrowingTracklet(track);
    this.#tracks.set(track, known);
    return known;
  }

  #settle(): void {
    for (const record of this.#pending)
      if (record.track !== null) this.#tracklet(record.track).add(record, this.#shown, this.#widthPx);
    this.#pending = [];
  }
}

const alone = (track: number): Person => ({
  person: track,
  name: null,
  tracks: [{ track, fromUs: null, toUs: null, by: 'first' }],
});
