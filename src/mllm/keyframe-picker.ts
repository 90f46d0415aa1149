import sharp from 'sharp';
import type { Frame } from '../domain/frame.js';
import type { Keyframe, SkipReason } from '../domain/insight.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { cutKeyframe, faceView } from './crops.js';
import { EarlierViews } from './earlier-views.js';
import { OnsetReadings } from './onset-readings.js';
import { EVIDENCE_PX, type PictureWant } from './picture-wants.js';
import { recordPriors } from './record-priors.js';
import { recordReadings } from './record-readings.js';
import type { SelectOptions } from './select-options.js';
import { Selector } from './selector.js';

export interface PickerOptions {
  readonly select: Partial<SelectOptions>;
  readonly onSkip: (reason: SkipReason) => void;
}

/** One analysed frame with its results, while its lease is held. */
export interface PickFrame {
  readonly source: string;
  readonly frame: Frame;
  readonly records: readonly FaceRecord[];
  /** Time that budgets run on, microseconds. */
  readonly nowUs: number;
  /** Pictures that the questions want. */
  readonly wants: readonly PictureWant[];
  readonly room: () => boolean;
}

/** Finds the keyframes among the faces of analysed frames and cuts their pictures. */
export class KeyframePicker {
  readonly #options: PickerOptions;
  readonly #selector: Selector;
  readonly #earlier = new EarlierViews();
  readonly #onsets = new OnsetReadings();

  /** Throws CONFIG_INVALID. */
  constructor(options: PickerOptions) {
    this.#options = options;
    this.#selector = new Selector(options.select);
  }

  /** Learns of episodes; those of a frame before its faces are picked from. */
  episodes(episodes: readonly Episode[]): void {
    for (const episode of episodes) {
      this.#selector.episode(episode);
      this.#earlier.episode(episode);
      this.#onsets.episode(episode);
    }
  }

  /** Keyframes of this frame, being encoded. All pixels are read before this returns. */
  pick({ source, frame, records, nowUs, wants, room }: PickFrame): Promise<Keyframe>[] {
    const picked: Promise<Keyframe>[] = [];
    const wanted = {
      onset: wants.some(({ set }) => set === 'onset+apex'),
      clip: wants.some(({ set }) => set === 'clip'),
    };
    for (const record of records) {
      const { track, ptsUs, validity, pose, quality, mesh, box } = record;
      if (track === null) continue;
      this.#onsets.see(record);
      const priors = recordPriors(record);
      const whole = mesh !== null && box !== null;
      if (whole && validity === 'ok')
        this.#earlier.see({ source, track, ptsUs, view: () => faceView(frame, mesh) }, wanted);
      const face = { source, track, ptsUs, nowUs, pose, quality, priors, room: room() };
      const decision = this.#selector.consider({ ...face, validity: whole ? validity : 'no-face' });
      if (decision.kind === 'skip') {
        this.#options.onSkip(decision.reason);
        continue;
      }
      if (!whole) continue;
      const { reason, episode, ordinal } = decision;
      const earlier = this.#earlier.of({ source, track, ptsUs }, reason === 'apex' ? (episode?.id ?? null) : null);
      const cut = cutKeyframe({ frame, mesh, box, wants, earlier });
      const readings = recordReadings(record, this.#onsets.of(reason === 'apex' ? (episode?.id ?? null) : null, ptsUs));
      const facts = { source, track, frame: frame.index, ptsUs, reason, episode, ordinal, priors, readings };
      picked.push(cut.then((jpegs) => ({ ...facts, ...jpegs })));
    }
    return picked;
  }

  endSource(source: string): void {
    this.#selector.endSource(source);
    this.#earlier.endSource(source);
    this.#onsets.endSource(source);
  }
}

/** The face that was asked about, small: what outputs show beside an insight. */
export async function evidencePicture({ faceJpeg }: Pick<Keyframe, 'faceJpeg'>): Promise<Uint8Array> {
  const size = { width: EVIDENCE_PX, height: EVIDENCE_PX, fit: 'inside', withoutEnlargement: true } as const;
  return new Uint8Array(await sharp(faceJpeg).resize(size).jpeg({ quality: 75 }).toBuffer());
}
