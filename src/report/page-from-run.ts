import { type ActionUnit, actionUnit, inFaceOrder, isBlinkUnit } from '../domain/action-units.js';
import { EMOTIONS, type Emotion } from '../domain/affect.js';
import { VALIDITY } from '../domain/face.js';
import { isEachTrackAPerson, type PeopleFile } from '../domain/people.js';
import type { Episode, RunInfo, RunSummary } from '../domain/records.js';
import { elapsedSeconds, micros, secondsOf } from '../domain/units.js';
import { plotGroups, SHOWN_NUMBERS } from '../record/plot-groups.js';
import type { BoundedInsights } from './bounded-insights.js';
import { packSeries } from './pack-series.js';
import type { FaceContent, PageContent } from './page-content.js';
import type { PeakGallery, PeakImage } from './peak-gallery.js';
import { plainSummary } from './plain-summary.js';
import { type EpisodeData, REPORT_DATA_VERSION, TICK_US, type UnitData } from './report-data.js';
import { REPORT_LIMITS, type RunAccumulator } from './run-accumulator.js';
import type { TrackSummary } from './track-summary.js';

/** The same number of pictures for each track in turn, clearest first, until the page's limit is reached. */
function sharePictures(tracks: readonly TrackSummary[], gallery: PeakGallery): Map<number, PeakImage[]> {
  const chosen = new Map<number, PeakImage[]>(tracks.map(({ id }) => [id, []]));
  const waiting = tracks.map(({ id }) => gallery.ofTrack(id).sort((a, b) => b.peak.value - a.peak.value));
  let left: number = REPORT_LIMITS.thumbnailsInPage;
  for (let round = 0; left > 0 && waiting.some((images) => round < images.length); round++) {
    for (const images of waiting) {
      const image = images[round];
      if (!image || left === 0) continue;
      chosen.get(image.peak.track)!.push(image);
      left -= 1;
    }
  }
  for (const images of chosen.values()) images.sort((a, b) => a.peak.ptsUs - b.peak.ptsUs);
  return chosen;
}

/** Each track's part of the page's buckets: all of them while they fit, else in proportion with a floor. */
function shrinkToPage(tracks: readonly TrackSummary[]): void {
  const total = tracks.reduce((sum, track) => sum + track.series.length, 0);
  if (total <= REPORT_LIMITS.bucketsInPage) return;
  for (const { series } of tracks) {
    series.shrinkTo(Math.max(64, Math.floor((series.length * REPORT_LIMITS.bucketsInPage) / total)));
  }
}

function episodeData(episode: Episode): EpisodeData {
  const { track, kind, label, onsetUs, apexUs, offsetUs, peak, mean, endReason } = episode;
  const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
  return {
    track,
    kind,
    label,
    onsetUs,
    apexUs,
    offsetUs: offsetUs ?? apexUs,
    peak: rounded(peak),
    mean: rounded(mean),
    endReason,
  };
}

/** Shares of a time for which units were active, largest first, without blinks, which are counted on their own. */
function unitShares(unitSeconds: ReadonlyMap<string, number>, seconds: number): [ActionUnit, number][] {
  return [...unitSeconds]
    .map(([key, active]): [ActionUnit, number] => [actionUnit(key), active / seconds])
    .filter(([{ code }]) => !isBlinkUnit(code))
    .sort((a, b) => b[1] - a[1]);
}

function unitData(keys: readonly string[]): UnitData[] {
  return keys
    .map(actionUnit)
    .sort(inFaceOrder)
    .map(({ key, code, name, region }) => ({ code, name, region, channel: keys.indexOf(key) }));
}

function faceOf(track: TrackSummary, peaks: readonly PeakImage[], insights: BoundedInsights): FaceContent {
  const seen = track.validity.reduce((sum, frames) => sum + frames, 0);
  return {
    id: track.id,
    firstSeconds: secondsOf(track.firstUs),
    lastSeconds: secondsOf(track.lastUs),
    validSeconds: track.validSeconds,
    validShare: seen === 0 ? 0 : track.validity[VALIDITY.indexOf('ok')]! / seen,
    shares: [...track.labelSeconds]
      .map(([emotion, seconds]) => [emotion, seconds / track.validSeconds] as const)
      .sort((a, b) => b[1] - a[1]),
    units: unitShares(track.unitSeconds, track.validSeconds),
    blinks: track.blinks,
    baseline: track.baseline,
    peaks,
    insights: insights.ofTrack(track.id),
    omittedInsights: insights.omitted.get(track.id) ?? 0,
  };
}

/** Turns what was gathered during a run into the content of its page. Shrinks the gathered series to the page's size. */
export function pageFromRun(options: {
  readonly run: RunInfo;
  readonly summary: RunSummary;
  readonly gathered: RunAccumulator;
  readonly gallery: PeakGallery;
  readonly insights: BoundedInsights;
  readonly who: PeopleFile | null;
}): PageContent {
  const { run, summary, gathered, gallery, insights, who } = options;
  const startUs = summary.firstPtsUs ?? micros(0);
  const endUs = summary.lastPtsUs ?? startUs;
  const covered = elapsedSeconds(startUs, endUs) + (run.video.nominalFps ? 1 / run.video.nominalFps : 0);
  const durationSeconds = summary.status === 'complete' ? (run.video.durationSeconds ?? covered) : covered;
  const tracks = [...gathered.tracks.values()].sort((a, b) => b.validSeconds - a.validSeconds || a.id - b.id);
  const episodes = gathered.episodes.all().filter(({ track }) => gathered.tracks.has(track));
  const labelSeconds = new Map<Emotion | null, number>();
  const unitSeconds = new Map<string, number>();
  for (const track of tracks) {
    for (const [emotion, seconds] of track.labelSeconds) {
      labelSeconds.set(emotion, (labelSeconds.get(emotion) ?? 0) + seconds);
    }
    for (const [key, seconds] of track.unitSeconds) unitSeconds.set(key, (unitSeconds.get(key) ?? 0) + seconds);
  }
  const pictures = sharePictures(tracks, gallery);
  shrinkToPage(tracks);
  const joined = who !== null && (summary.status !== 'interrupted' || !isEachTrackAPerson(who));
  const people = joined ? who.people.length : null;
  const lead = plainSummary({
    summary,
    durationSeconds,
    people,
    tracks: tracks.length + gathered.omittedTracks,
    labelSeconds,
    units: unitShares(
      unitSeconds,
      tracks.reduce((sum, track) => sum + track.validSeconds, 0),
    ),
    episodes,
    emotions: run.options.mode !== 'au-only',
  });
  return {
    run,
    summary,
    durationSeconds,
    lead,
    who,
    people,
    faces: tracks.map((track) => faceOf(track, pictures.get(track.id) ?? [], insights)),
    omitted: { tracks: gathered.omittedTracks, episodes: gathered.episodes.omitted },
    data: {
      v: REPORT_DATA_VERSION,
      tickUs: TICK_US,
      startUs,
      endUs,
      emotions: EMOTIONS,
      validity: VALIDITY,
      units: unitData(run.actionUnits),
      shown: SHOWN_NUMBERS,
      status: summary.status,
      coverage: packSeries(gathered.coverage, { groups: [], categories: VALIDITY.length }),
      tracks: tracks.map((track) => ({
        id: track.id,
        firstUs: track.firstUs,
        lastUs: track.lastUs,
        baseline: track.baseline,
        series: packSeries(track.series, { groups: plotGroups(run.actionUnits), categories: VALIDITY.length }),
      })),
      episodes: episodes.map(episodeData),
    },
  };
}
