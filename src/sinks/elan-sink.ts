import { EMOTIONS } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';
import type { FileDescription, FileSink } from './file-sink.js';
import { type LineFile, openLineFile } from './line-file.js';
import { compact } from './number-text.js';

/** Samples per second of the track files: ELAN loads a constant rate faster. */
export const ELAN_RATE_HZ = 25;
/** Between two samples further apart than this, values are not interpolated but empty. */
const MAX_GAP_US = 250_000;
const STEP_US = 1_000_000 / ELAN_RATE_HZ;

const COLUMNS = [...EMOTIONS, 'valence_derived', 'arousal_derived', 'yaw_rad', 'pitch_rad', 'roll_rad', 'eye_openness'];

interface Sample {
  readonly ptsUs: number;
  readonly values: readonly (number | null)[];
}

/** What ELAN's tracks show of a record. */
function sampleOf(record: FaceRecord): Sample {
  const { emotions, valenceArousal, pose, eyes } = record;
  return {
    ptsUs: record.ptsUs,
    values: [
      ...EMOTIONS.map((_, index) => emotions?.smoothed[index] ?? null),
      valenceArousal?.smoothed.valence ?? null,
      valenceArousal?.smoothed.arousal ?? null,
      pose?.yaw ?? null,
      pose?.pitch ?? null,
      pose?.roll ?? null,
      eyes ? (eyes.left + eyes.right) / 2 : null,
    ],
  };
}

/** Rows on the uniform grid in (before, after], linear between the two; empty where either is missing or too far away. */
export function resampledRows(
  before: Sample | null,
  after: Sample,
  nextStep: number,
): { readonly rows: string; readonly nextStep: number } {
  let rows = '';
  let step = nextStep;
  for (; step * STEP_US <= after.ptsUs; step++) {
    const at = step * STEP_US;
    const near = before !== null && after.ptsUs - before.ptsUs <= MAX_GAP_US;
    const part = near ? (at - before.ptsUs) / (after.ptsUs - before.ptsUs) : at === after.ptsUs ? 1 : Number.NaN;
    const cells = after.values.map((to, index) => {
      const from = part === 1 ? to : (before?.values[index] ?? null);
      return from === null || to === null || Number.isNaN(part) ? '' : compact(from + part * (to - from), 5);
    });
    rows += `${compact(at / 1e6, 3)},${cells.join(',')}\n`;
  }
  return { rows, nextStep: step };
}

interface Person {
  readonly file: LineFile;
  last: Sample | null;
  nextStep: number;
}

/** Track files at once; people beyond it have intervals only, which the manifest says. */
const MAX_PEOPLE = 200;

/**
 * `<base>.elan-intervals.tsv` (tier, begin, end, duration in ms, annotation) and one `<base>.elan-tracks.p<N>.csv` per
 * person, sampled uniformly. Import the first as tab-delimited text, link the others as secondary time series files.
 */
export async function createElanSink(base: string): Promise<FileSink> {
  const intervals = await openLineFile(`${base}.elan-intervals.tsv`);
  await intervals.write('Tier\tBegin Time - msec\tEnd Time - msec\tDuration - msec\tAnnotation\n');
  const people = new Map<number, Person>();
  let beyond = 0;

  const personOf = async (track: number, ptsUs: number): Promise<Person | undefined> => {
    const known = people.get(track);
    if (known) return known;
    if (people.size >= MAX_PEOPLE) {
      beyond = Math.max(beyond, track);
      return undefined;
    }
    const file = await openLineFile(`${base}.elan-tracks.p${track}.csv`);
    await file.write(`time_s,${COLUMNS.join(',')}\n`);
    const person: Person = { file, last: null, nextStep: Math.ceil(ptsUs / STEP_US) };
    people.set(track, person);
    return person;
  };

  return {
    name: 'elan',
    async records(batch) {
      for (const record of batch) {
        if (record.track === null) continue;
        const person = await personOf(record.track, record.ptsUs);
        if (!person) continue;
        const sample = sampleOf(record);
        const { rows, nextStep } = resampledRows(person.last, sample, person.nextStep);
        person.last = sample;
        person.nextStep = nextStep;
        await person.file.write(rows);
      }
    },
    episode(episode) {
      const begin = Math.round(episode.onsetUs / 1000);
      const end = Math.max(begin + 1, Math.round((episode.offsetUs ?? episode.apexUs) / 1000));
      const annotation = `${episode.label} ${episode.confidence.toFixed(2)}`;
      return intervals.write(
        `Person ${episode.track} ${episode.kind}\t${begin}\t${end}\t${end - begin}\t${annotation}\n`,
      );
    },
    async close() {
      await intervals.close();
      for (const { file } of people.values()) await file.close();
    },
    files: () => [
      {
        path: intervals.path,
        format: 'ELAN tab-delimited text',
        contents: { Tier: 'person and kind of signal', Annotation: 'label and mean probability' },
      },
      ...[...people].map(
        ([track, { file }]): FileDescription => ({
          path: file.path,
          format: `ELAN time series, ${ELAN_RATE_HZ} Hz, person ${track}`,
          contents: {
            time_s: 'seconds of media time',
            emotions: 'smoothed probabilities 0..1',
            eye_openness: 'mean of both eyes',
          },
          ...(beyond > 0
            ? { empty: { [`persons beyond the first ${MAX_PEOPLE}`]: 'no track files, intervals only' } }
            : {}),
        }),
      ),
    ],
  };
}
