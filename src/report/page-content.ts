import type { ActionUnit } from '../domain/action-units.js';
import type { Emotion } from '../domain/affect.js';
import type { PeopleFile } from '../domain/people.js';
import type { Episode, RunInfo, RunSummary } from '../domain/records.js';
import type { ReportInsight } from './bounded-insights.js';
import type { PeakImage } from './peak-gallery.js';
import type { PlainSummary } from './plain-summary.js';
import type { ReportData } from './report-data.js';

/** One track as the page shows it. */
export interface FaceContent {
  readonly id: number;
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  readonly validSeconds: number;
  /** Share of the track's records with a valid face. */
  readonly validShare: number;
  /** Shares of the valid time per emotion in force, largest first; null: none was. */
  readonly shares: readonly (readonly [emotion: Emotion | null, share: number])[];
  /** Share of the valid time during which each action unit was active, largest first; blinks (AU45) are not listed. */
  readonly units: readonly (readonly [unit: ActionUnit, share: number])[];
  readonly blinks: number;
  readonly baseline: 'warming' | 'ready' | 'off' | null;
  readonly peaks: readonly PeakImage[];
  /** By time; empty when no model was asked. */
  readonly insights: readonly ReportInsight[];
  /** Insights of this face that gave way to others. */
  readonly omittedInsights: number;
}

/** Everything the page is made of, before it is text. */
export interface PageContent {
  readonly run: RunInfo;
  readonly summary: RunSummary;
  readonly durationSeconds: number;
  readonly lead: PlainSummary;
  /** Null where nobody said who is who. */
  readonly who: PeopleFile | null;
  /** How many people the tracks show; null where nobody said who is who, and of a run that was stopped, which joins nobody. */
  readonly people: number | null;
  readonly faces: readonly FaceContent[];
  readonly omitted: {
    readonly tracks: number;
    readonly episodes: Readonly<Record<Episode['kind'], number>>;
  };
  readonly data: ReportData;
}
