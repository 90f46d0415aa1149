import type { Frame } from '../domain/frame.js';
import type { Insight } from '../domain/insight.js';
import type { PeopleFile } from '../domain/people.js';
import type { FaceRecord, RunInfo, Sink } from '../domain/records.js';
import { BoundedInsights } from './bounded-insights.js';
import { reportHtml } from './html-page.js';
import { reserveFile } from './output-file.js';
import { pageFromRun } from './page-from-run.js';
import { PeakGallery } from './peak-gallery.js';
import { RunAccumulator } from './run-accumulator.js';

/** Frame interval assumed where the container names no rate; used only to count a track's first frame. */
const DEFAULT_FRAME_SECONDS = 1 / 25;

export interface ReportSinkOptions {
  /** Where the page is written at close; its folder must exist. */
  readonly path: string;
  readonly run: RunInfo;
  /** Replace an existing file. */
  readonly overwrite: boolean;
}

export interface ReportSink extends Sink {
  /** Who is who, before close(); without it the page says nothing of people. */
  people(who: PeopleFile): void;
  /**
   * Offers a frame, with its records, for the pictures of peaks while its lease is held. What is needed is copied
   * before this returns, so the lease may then be released; the promise, when there is one, ends with the encoding
   * and should be awaited for backpressure. Without any call the report simply has no pictures.
   */
  frame(frame: Frame, records: readonly FaceRecord[]): Promise<void> | undefined;
  /**
   * What a multimodal LLM said of a face, and the JPEG it saw; kept in bounded number and length. What is given is read
   * before this resolves. Never rejects for what an engine answered; without any call the report says nothing of it.
   */
  insight(insight: Insight, evidenceJpeg: Uint8Array | null): Promise<void>;
}

/**
 * A report as a sink: gathers a bounded summary of a run and writes one self-contained HTML file at close. Memory and
 * file size do not grow with the length of the video (REPORT_LIMITS). Throws OUTPUT_EXISTS or OUTPUT_UNWRITABLE.
 */
export async function createReportSink(options: ReportSinkOptions): Promise<ReportSink> {
  const { run } = options;
  const file = await reserveFile(options);
  const gallery = new PeakGallery();
  const insights = new BoundedInsights();
  const gathered = new RunAccumulator({
    frameSeconds: run.video.nominalFps ? 1 / run.video.nominalFps : DEFAULT_FRAME_SECONDS,
    units: run.actionUnits,
    onDropTrack: (track) => {
      gallery.forget(track);
      insights.forget(track);
    },
  });
  let who: PeopleFile | null = null;
  const encoding = new Set<Promise<void>>();
  return {
    name: 'report',
    records: (records) => gathered.records(records),
    episode: (episode) => gathered.episode(episode),
    frame(frame, records) {
      const encode = gallery.consider(frame, records);
      if (encode) {
        encoding.add(encode);
        const done = (): boolean => encoding.delete(encode);
        encode.then(done, done);
      }
      return encode;
    },
    async insight(insight, evidenceJpeg) {
      const added = insights.add(insight, evidenceJpeg);
      encoding.add(added);
      await added.finally(() => encoding.delete(added));
    },
    people(told) {
      who = told;
    },
    async close(summary) {
      // A failed encode was reported to the caller of frame; the page is written without that picture.
      await Promise.allSettled(encoding);
      await file.finish(reportHtml(pageFromRun({ run, summary, gathered, gallery, insights, who })));
    },
  };
}
