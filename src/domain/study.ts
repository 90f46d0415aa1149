import type { LandmarkChoice } from './face.js';
import type { Turn } from './frame.js';
import type { Mode } from './mode.js';
import type { ModelSize } from './model-size.js';
import type { Micros } from './units.js';

/** Someone whose face is studied, by the word under which results name them. */
export interface Participant {
  /** Pseudonym: letters, digits, `-` and `_`. */
  readonly id: string;
  /** What else the study file says of them (group, age …), one column each in the tables. */
  readonly traits: Readonly<Record<string, string | number>>;
}

/** One file of a session: a camera's view, or a part of the recording. */
export interface StudyVideo {
  /** Unique in the study; the name of its results. */
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** Session time is the video's own time plus this. */
  readonly offsetUs: Micros;
  /** Null where the file does not tell, or cannot be read. */
  readonly durationUs: Micros | null;
  /**
   * Who is who: the number, name or place (`left`, `right`) of a person in `<id>.people.json` to a participant's id.
   * Empty where the study file does not say.
   */
  readonly people: Readonly<Record<string, string>>;
  /** Absolute path of a map of tracks to persons, as `mien analyze --people` takes it; null without one. */
  readonly map: string | null;
}

/** A stretch of session time that means something: a question, a stimulus, a phase. */
export interface Marker {
  /** Unique in its session. */
  readonly id: string;
  /** The same word in all sessions where the same was asked or shown. */
  readonly label: string;
  /** question, stimulus, phase, or a word of the study's own. */
  readonly kind: string;
  readonly fromUs: Micros;
  /** Exclusive. */
  readonly toUs: Micros;
  /** Null: of all. Otherwise only this participant is asked or shown something. */
  readonly participant: string | null;
}

/** Session time that numbers leave out. */
export interface ExcludedRange {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  readonly reason: string;
  /** Null: of all. */
  readonly participant: string | null;
}

/** What happened at one time with the same people: one or several videos on one clock. */
export interface StudySession {
  readonly id: string;
  /** Null where the study has none. */
  readonly condition: string | null;
  readonly videos: readonly StudyVideo[];
  /** In the order of time. */
  readonly markers: readonly Marker[];
  /** In the order of time. */
  readonly excluded: readonly ExcludedRange[];
}

/** How the videos of a study are analysed: options of `mien analyze` under the same names. */
export interface StudyAnalysis {
  /** Frames a second that are read at most; null: every frame. */
  readonly fps: number | null;
  readonly mode: Mode;
  /** Network that reads emotions and action units. */
  readonly model: ModelSize;
  /** Also say in words what faces show, from the measurements. */
  readonly words: boolean;
  readonly landmarks: LandmarkChoice;
  /** Names of `--formats`; `jsonl` and `people`, from which numbers are computed, are always among them. */
  readonly formats: readonly string[];
  readonly rotate: 'auto' | `${Turn}`;
  readonly maxSide: number;
  readonly minFace: number;
  /** In pictures, blur every face that is no participant's by the map of its video; without a map, every face. */
  readonly blurOthers: boolean;
  /** Within a video, also join tracks whose faces look alike. */
  readonly joinAppearance: boolean;
  /** Subtract each person's resting face. */
  readonly baseline: boolean;
}

/** How results are laid out besides mien's own folders: not at all, or also as a BIDS dataset. */
export const STUDY_LAYOUTS = ['plain', 'bids'] as const;
/** One of `STUDY_LAYOUTS`. */
export type StudyLayout = (typeof STUDY_LAYOUTS)[number];

/** A study file that was read whole and found right. */
export interface Study {
  /** Of the study file; absolute. */
  readonly file: string;
  readonly name: string;
  /** Folder of the results; absolute. Videos are in `videos/<id>/`. */
  readonly results: string;
  readonly layout: StudyLayout;
  readonly participants: readonly Participant[];
  /** In the order in which tables and reports show them. */
  readonly conditions: readonly string[];
  readonly sessions: readonly StudySession[];
  readonly analysis: StudyAnalysis;
}
