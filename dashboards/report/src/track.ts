import type { EpisodeData, ReportData } from '../../../src/report/report-data.js';
import type { Series } from './series.js';
import type { ViewState } from './view-state.js';

/** The data of the page, and the words for reasons without a reading. */
export type PageData = ReportData & { readonly words: Readonly<Record<string, string>> };

/** What the plots of one followed face need. */
export interface Track {
  readonly series: Series;
  readonly emotionEpisodes: readonly EpisodeData[];
  readonly unitEpisodes: readonly EpisodeData[];
  readonly data: PageData;
  readonly state: ViewState;
}
