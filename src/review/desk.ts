import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  annotationsText,
  isAnnotation,
  raterPath,
  readAnnotations,
  writeAnnotations,
} from '../annotations/rater-file.js';
import { type Results, readResults } from '../annotations/results.js';
import { isBlinkUnit } from '../domain/action-units.js';
import { ANNOTATION_VERSION, type Annotation } from '../domain/annotation.js';
import { Problem } from '../server/problem.js';
import type { ReviewedVideo } from './reviewed-video.js';
import { findVideo, type ReviewVideo, videoAt } from './video.js';

/** What one rater does on a list of videos. */
export class ReviewDesk {
  readonly #bases: readonly string[];
  readonly #rater: string;
  readonly #video: string | null;
  /** One save after the other, for each file. */
  readonly #saving = new Map<string, Promise<unknown>>();

  constructor(options: { readonly bases: readonly string[]; readonly rater: string; readonly video: string | null }) {
    this.#bases = options.bases;
    this.#rater = options.rater;
    this.#video = options.video;
  }

  /** All videos, with how far the rater came. */
  async list(): Promise<readonly { readonly name: string; readonly episodes: number; readonly judged: number }[]> {
    return Promise.all(
      this.#bases.map(async (base) => {
        const { name, episodes } = await readResults(base);
        const said = await readAnnotations(raterPath(base, this.#rater));
        return { name, episodes: episodes.length, judged: said.filter(({ episode }) => episode !== null).length };
      }),
    );
  }

  async open(index: number): Promise<ReviewedVideo> {
    const base = this.#base(index);
    const results = await readResults(base);
    const { run, people, episodes, name } = results;
    const annotations = await readAnnotations(raterPath(base, this.#rater));
    const video = await this.video(index);
    return {
      ...{ index, name, episodes, annotations },
      source: run.source,
      rater: this.#rater,
      durationSeconds: run.video.durationSeconds ?? Math.max(0, ...episodes.map(({ offsetUs }) => offsetUs)) / 1e6,
      fps: run.video.nominalFps ?? 25,
      people: people.people.map(({ person, name: called }) => ({ person, name: called })),
      units: run.actionUnits.filter((key) => !isBlinkUnit(key)),
      version: versionOf(annotations),
      otherRaters: results.raters.filter((rater) => rater !== this.#rater).length,
      unplayable: video === null ? 'the video is not where it was: start again with --video PATH' : video.unplayable,
    };
  }

  /** What other raters said of a video. */
  async others(index: number): Promise<readonly Annotation[]> {
    const base = this.#base(index);
    const { raters } = await readResults(base);
    const others = raters.filter((rater) => rater !== this.#rater);
    return (await Promise.all(others.map((rater) => readAnnotations(raterPath(base, rater))))).flat();
  }

  /**
   * Writes all that the rater says of a video, and returns the new version. Rejects with BAD_REQUEST for what is no annotation of
   * theirs, and with FORBIDDEN where the file changed since the page read it; nothing is written then.
   */
  save(index: number, body: unknown): Promise<string> {
    const base = this.#base(index);
    const before = this.#saving.get(base) ?? Promise.resolve();
    const saving = before.catch(() => undefined).then(() => this.#write(base, body));
    this.#saving.set(base, saving);
    return saving;
  }

  async video(index: number): Promise<ReviewVideo | null> {
    const results = await readResults(this.#base(index));
    const path = await findVideo(results, this.#bases.length === 1 ? this.#video : null);
    return path === null ? null : videoAt(path, results.run.video.codec);
  }

  /** Results of a video and what this rater said, for exports. */
  async rating(index: number): Promise<{ readonly results: Results; readonly annotations: readonly Annotation[] }> {
    const base = this.#base(index);
    return { results: await readResults(base), annotations: await readAnnotations(raterPath(base, this.#rater)) };
  }

  /** Ends when all saves have. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#saving.values());
  }

  async #write(base: string, body: unknown): Promise<string> {
    const { version, annotations } = (body ?? {}) as { readonly version?: unknown; readonly annotations?: unknown };
    const { run } = await readResults(base);
    if (!Array.isArray(annotations)) throw new Problem('BAD_REQUEST', 'annotations must be a list');
    for (const [at, each] of annotations.entries())
      if (!isAnnotation(each) || each.rater !== this.#rater || each.source !== run.source)
        throw new Problem(
          'BAD_REQUEST',
          `annotations[${at}] is no annotation of version ${ANNOTATION_VERSION} by ${this.#rater}`,
        );
    const path = raterPath(base, this.#rater);
    if (version !== versionOf(await readAnnotations(path)))
      throw new Problem('FORBIDDEN', 'the annotations were changed elsewhere meanwhile: load the page again');
    if (annotations.length > 0 || existsSync(path)) await writeAnnotations(path, annotations as Annotation[]);
    return versionOf(annotations as Annotation[]);
  }

  #base(index: number): string {
    const base = this.#bases[index];
    if (base === undefined) throw new Problem('NOT_FOUND', `there is no video ${index}`);
    return base;
  }
}

const versionOf = (annotations: readonly Annotation[]): string =>
  createHash('sha256').update(annotationsText(annotations)).digest('base64url').slice(0, 22);
