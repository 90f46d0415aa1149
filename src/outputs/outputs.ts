import type { LandmarkChoice } from '../domain/face.js';
import type { VideoInfo } from '../domain/frame.js';
import { PEOPLE_ENDING, type PeopleFile } from '../domain/people.js';
import type { RunInfo, Sink } from '../domain/records.js';
import type { FileDescription } from '../sinks/file-sink.js';
import type { SinkTarget } from '../sinks/output-file.js';

/** What an output is told of the run that it writes. */
export interface OutputTarget extends SinkTarget {
  /** Its first file: `base` and its first ending, unless the run names another. */
  readonly path: string;
  readonly run: RunInfo;
  /** The picture that `frame()` sees: size, rate, colours. */
  readonly video: VideoInfo;
  /** Landmarks in the records file; the other outputs have their own. */
  readonly landmarks: LandmarkChoice;
  /** A multimodal LLM is asked. */
  readonly insights: boolean;
}

/** An opened output. One that needs pixels has a `frame()`, one that names persons `people()`, one that the manifest describes `files()`. */
export interface OpenedOutput extends Sink {
  people?(who: PeopleFile): void;
  files?(): readonly FileDescription[];
}

interface Output {
  /** Of the files that it writes. */
  readonly endings: readonly string[];
  /** Of files that it writes besides when a multimodal LLM is asked. */
  readonly insightEndings?: readonly string[];
  /** Writes it anew with other persons, from itself alone: at the end of a run, and whenever they are others. Rejects with OUTPUT_UNWRITABLE; the file is then as it was. */
  fillPersons?(target: SinkTarget, who: PeopleFile): Promise<void>;
  /** Of its files, those that name persons. @default endings */
  readonly personEndings?: readonly string[];
  /** Puts other persons into it afterwards, where a run tells them before it closes. @default fillPersons */
  putPersons?(target: SinkTarget, who: PeopleFile): Promise<void>;
  /** Opens it to be written anew with other persons, of what `jsonl` holds alone; it then replaces the files of base name `replaced`. */
  openReplayed?(
    target: SinkTarget,
    told: Pick<RunInfo, 'actionUnits'> & Pick<OutputTarget, 'insights'> & { readonly replaced: string },
  ): Promise<OpenedOutput>;
  /** Written only when it is named. */
  readonly onRequest?: true;
  /** Loads what writes it, and opens its files. Rejects with OUTPUT_EXISTS or OUTPUT_UNWRITABLE. */
  open(target: OutputTarget): Promise<OpenedOutput>;
}

/**
 * Everything that a recorded run can write, by the name that `--formats` takes. What writes an output is imported when
 * it is opened, so that help and checks load none of it.
 */
export const OUTPUTS = {
  jsonl: {
    endings: ['.records.jsonl', '.episodes.jsonl'],
    insightEndings: ['.insights.jsonl'],
    async open(target) {
      const { createJsonlSink } = await import('../sinks/jsonl-sink.js');
      const { landmarks, insights, run } = target;
      return createJsonlSink(target, { landmarks, insights, actionUnits: run.actionUnits });
    },
  },
  csv: {
    endings: ['.csv'],
    async open(target) {
      const { createCsvSink } = await import('../sinks/csv-sink.js');
      return createCsvSink(target, { actionUnits: target.run.actionUnits, person: true });
    },
    async fillPersons(target, who) {
      const { CSV_PERSONS: column } = await import('../sinks/csv-sink.js');
      const { fillPersonCells } = await import('../sinks/person-cells.js');
      await fillPersonCells(target, '.csv', { who, column });
    },
  },
  parquet: {
    endings: ['.parquet'],
    async open(target) {
      const { createParquetSink } = await import('../sinks/parquet-sink.js');
      return createParquetSink(target, { actionUnits: target.run.actionUnits, person: true });
    },
    fillPersons: async (target, who) => (await import('../sinks/parquet-persons.js')).fillParquetPersons(target, who),
  },
  openface: {
    endings: ['.openface.csv'],
    async open(target) {
      const { createOpenFaceSink } = await import('../sinks/openface-sink.js');
      return createOpenFaceSink(target, target.run.video, target.run);
    },
    async fillPersons(target, who) {
      const { OPENFACE_PERSONS: column } = await import('../sinks/openface-sink.js');
      const { fillPersonCells } = await import('../sinks/person-cells.js');
      await fillPersonCells(target, '.openface.csv', { who, column });
    },
  },
  fex: {
    endings: ['.fex.csv'],
    async open(target) {
      const { createFexSink } = await import('../sinks/fex-sink.js');
      return createFexSink(target, target.run.video, target.run);
    },
    async fillPersons(target, who) {
      const { FEX_PERSONS: column } = await import('../sinks/fex-sink.js');
      const { fillPersonCells } = await import('../sinks/person-cells.js');
      await fillPersonCells(target, '.fex.csv', { who, column });
    },
  },
  people: {
    endings: [PEOPLE_ENDING],
    async open(target) {
      const { createPeopleSink } = await import('../sinks/people-sink.js');
      const { peopleText } = await import('../people/people-file.js');
      return createPeopleSink(target, PEOPLE_ENDING, peopleText);
    },
  },
  elan: {
    endings: ['.elan-intervals.tsv', '.elan-tracks.csv', '.eaf', '_tsconf.xml'],
    async open(target) {
      const { createElanSink } = await import('../sinks/elan-sink.js');
      return createElanSink(target, { videoPath: target.video.path, actionUnits: target.run.actionUnits });
    },
    async openReplayed(target, { actionUnits, replaced }) {
      const { createElanSink, linkedVideo } = await import('../sinks/elan-sink.js');
      return createElanSink(target, { actionUnits, linkedAs: replaced, videoPath: await linkedVideo(replaced) });
    },
  },
  webvtt: {
    endings: ['.metadata.vtt', '.captions.vtt'],
    personEndings: ['.captions.vtt'],
    async open(target) {
      const { createWebVttSink } = await import('../sinks/webvtt-sink.js');
      return createWebVttSink(target, { actionUnits: target.run.actionUnits, insights: target.insights });
    },
    openReplayed: async (target, told) => (await import('../sinks/webvtt-sink.js')).createWebVttSink(target, told),
  },
  report: {
    endings: ['.report.html'],
    open: async (target) => (await import('../report/report-sink.js')).createReportSink(target),
    putPersons: async ({ base }, who) =>
      (await import('../report/html-people.js')).putPeople(`${base}.report.html`, who),
  },
  overlay: {
    endings: ['.overlay.mp4'],
    onRequest: true,
    async open(target) {
      const { createOverlaySink } = await import('../report/overlay.js');
      const { openEncoder } = await import('../source/video-encoder.js');
      return createOverlaySink({ ...target, info: target.video, encoder: openEncoder });
    },
  },
} as const satisfies Readonly<Record<string, Output>>;

/** A format of `--formats`: the name under which a result is written. */
export type OutputName = keyof typeof OUTPUTS;
export const OUTPUT_NAMES = Object.keys(OUTPUTS) as OutputName[];

/** The declaration of an output, with what it leaves out as optional. */
export const outputOf = (name: OutputName): Output => OUTPUTS[name];

/** What a run writes unless told otherwise. */
export const DEFAULT_OUTPUTS: readonly OutputName[] = OUTPUT_NAMES.filter((name) => !outputOf(name).onRequest);

/** The output whose file a name looks like, by its longest ending, else by the part after the last dot. */
export function outputOfFile(fileName: string): OutputName | undefined {
  const endings = OUTPUT_NAMES.flatMap((name) => OUTPUTS[name].endings.map((ending) => ({ name, ending })));
  const whole = endings.filter(({ ending }) => fileName.endsWith(ending));
  if (whole.length > 0) return whole.reduce((a, b) => (b.ending.length > a.ending.length ? b : a)).name;
  const last = /\.[^./\\]+$/.exec(fileName)?.[0];
  return last === undefined ? undefined : endings.find(({ ending }) => ending.endsWith(last))?.name;
}
