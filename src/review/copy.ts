import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AffectError } from '../domain/errors.js';
import { type FfmpegRun, runFfmpeg } from '../source/ffmpeg-process.js';

const GRACE_MS = 1_000;

/** Copies of videos that a browser plays, in a folder that is removed at the end. */
export class PlayableCopies {
  readonly #copies = new Map<number, Promise<string>>();
  readonly #runs = new Set<FfmpegRun>();
  #folder: Promise<string> | null = null;
  #closed = false;

  /** The copy of a video, made when it is first asked for. Rejects with INPUT_UNSUPPORTED and FFMPEG_MISSING. */
  copyOf(index: number, path: string): Promise<string> {
    const known = this.#copies.get(index);
    if (known) return known;
    const made = this.#make(index, path);
    this.#copies.set(index, made);
    made.catch(() => this.#copies.delete(index)); // it may be tried again
    return made;
  }

  /** Ends what is being made and removes all copies. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#runs].map((run) => run.stop(GRACE_MS)));
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #make(index: number, path: string): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'mien-review-'));
    const copy = join(await this.#folder, `${index}.mp4`);
    if (this.#closed) throw new AffectError('INTERRUPTED', 'the review has ended');
    let said = '';
    const run = runFfmpeg({
      inputOptions: ['-nostdin', '-v', 'error'],
      input: pathToFileURL(path).href,
      outputOptions: [
        ...[
          '-y',
          '-map',
          '0:v:0',
          '-map',
          '0:a:0?',
          '-c:v',
          'libx264',
          '-preset',
          'veryfast',
          '-crf',
          '23',
          '-pix_fmt',
          'yuv420p',
        ],
        // Frames keep their times: what is marked here is where it was measured.
        ...[
          '-vf',
          'scale=trunc(iw/2)*2:trunc(ih/2)*2',
          '-fps_mode',
          'passthrough',
          '-c:a',
          'aac',
          '-movflags',
          '+faststart',
        ],
      ],
      output: pathToFileURL(copy).href,
      onStderrLine: (line) => {
        said = line;
      },
    });
    this.#runs.add(run);
    const { code, spawnError } = await run.exited.finally(() => this.#runs.delete(run));
    if (code === 0) return copy;
    throw new AffectError(
      'INPUT_UNSUPPORTED',
      `${path} cannot be copied for the browser: ${spawnError ?? (said || 'ffmpeg was stopped')}`,
    );
  }
}
