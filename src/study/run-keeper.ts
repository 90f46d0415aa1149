import type { StudyRun, VideoRun } from './study-run.js';
import { withVideo } from './study-run.js';

/** Keeps `study.json` as the videos of a run end, several at once; one write after the other. */
export class RunKeeper {
  #run: StudyRun;
  #written: Promise<void> = Promise.resolve();
  readonly #write: (run: StudyRun) => Promise<void>;

  constructor(run: StudyRun, write: (run: StudyRun) => Promise<void>) {
    this.#run = run;
    this.#write = write;
  }

  /** What was kept of a video. */
  of(id: string): VideoRun | undefined {
    return this.#run.videos.find((video) => video.id === id);
  }

  /** Resolves when it is on disk; rejects with what writing threw. */
  keep(video: VideoRun): Promise<void> {
    this.#run = withVideo(this.#run, video);
    const run = this.#run;
    this.#written = this.#written.then(() => this.#write(run));
    return this.#written;
  }
}
