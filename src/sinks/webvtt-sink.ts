import { actionUnit, actionUnitTitle } from '../domain/action-units.js';
import { counted } from '../domain/counted.js';
import { type Insight, isTemplate, NO_COMPOUND } from '../domain/insight.js';
import { isEachTrackAPerson, type PeopleFile, personFinder, personWords } from '../domain/people.js';
import type { Episode } from '../domain/records.js';
import { micros } from '../domain/units.js';
import { rounded } from '../record/number-text.js';
import type { FileSink } from './file-sink.js';
import { closeAll, openLineFiles } from './line-file.js';
import type { SinkTarget } from './output-file.js';
import {
  groupedStretches,
  MAX_INTENSITY,
  type UnitInterval,
  type UnitStretch,
  unitInterval,
  wholeMs,
} from './unit-stretches.js';

/** Cues held until close: some 500 bytes each. More are counted, left out here, and named in the manifest. */
export const VTT_MAX_CUES = 100_000;
/** Units that one caption names, strongest first, and the shortest time for which it stands: shorter ones would flicker. */
const CAPTION_UNITS = 3;
const CAPTION_MIN_MS = 400;

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** hh:mm:ss.mmm of whole milliseconds, at least 0. */
export function vttTime(ms: number): string {
  const clock = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${clock.map((value) => pad(value, 2)).join(':')}.${pad(ms % 1000, 3)}`;
}

/** Caption text: no line break, no markup, so no arrow either. */
const captionText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\s\p{Cc}]+/gu, ' ');

/** JSON of a cue: one line by itself; the escape keeps the arrow out. */
const jsonText = (value: unknown): string => JSON.stringify(value).replaceAll('>', '\\u003e');

interface Cue {
  readonly beginMs: number;
  readonly timing: string;
  readonly json: string;
  /** Null for blinks, which would flicker over everything else, and for action units, which share captions. */
  readonly caption: Spoken | null;
}

/** What a caption says of whose face. */
interface Spoken {
  readonly track: number;
  readonly after: string;
}

export function cueOf(episode: Episode): Cue {
  const { v, id, track, kind, label, onsetUs, apexUs, offsetUs, endReason } = episode;
  const { beginMs, endMs } = wholeMs(episode);
  const numbers = {
    peak: rounded(episode.peak, 4),
    mean: rounded(episode.mean, 4),
    confidence: rounded(episode.confidence, 4),
  };
  const after = `: ${label} (${Math.round(episode.confidence * 100)} %)`;
  return {
    beginMs,
    timing: `${vttTime(beginMs)} --> ${vttTime(endMs)}`,
    json: jsonText({
      v,
      id,
      track,
      kind,
      label,
      onsetUs,
      apexUs,
      offsetUs,
      ...numbers,
      ...unitFields(episode),
      endReason,
    }),
    caption: kind === 'emotion' ? { track, after } : null,
  };
}

/** Name and intensities (0..5) of an action unit, which peak and mean give as shares of 1. */
function unitFields({ kind, label, peak, mean }: Episode): Record<string, unknown> {
  if (kind !== 'action-unit') return {};
  const intensity = (share: number): number => rounded(share * MAX_INTENSITY, 3);
  return { title: actionUnitTitle(label), intensityPeak: intensity(peak), intensityMean: intensity(mean) };
}

/** Caption of the units that one person shows together. Null when it would only flash by. */
function unitCaption({ beginMs, endMs, units }: UnitStretch): Caption | null {
  if (endMs - beginMs < CAPTION_MIN_MS) return null;
  const strongest = [...units].sort((a, b) => b.peak - a.peak).slice(0, CAPTION_UNITS);
  const names = units
    .filter((unit) => strongest.includes(unit))
    .map(({ key }) => `${actionUnit(key).code} ${actionUnit(key).name}`);
  const more = units.length > CAPTION_UNITS ? ` and ${units.length - CAPTION_UNITS} more` : '';
  const spoken = { track: units[0]!.track, after: `: ${names.join(', ')}${more}` };
  return { beginMs, timing: `${vttTime(beginMs)} --> ${vttTime(endMs)}`, spoken };
}

/** How long the words about one instant stand, and how many of them. */
const INSIGHT_MS = 3000;
const INSIGHT_CHARS = 160;

/** What a language model said, as a cue that begins at its frame. */
export function insightCue(insight: Insight): Cue {
  const { v, id, track, ptsUs, task, engine, model, emotion, secondEmotion, degree, cannotTell } = insight;
  const { confidence, compound, description, toldActionUnits } = insight;
  const { claimedActionUnits, reasoning, check, agreesWithMeasured, fused } = insight;
  const beginMs = Math.round(ptsUs / 1000);
  const named = compound === NO_COMPOUND ? emotion : (compound ?? emotion);
  const words = description ?? named ?? null;
  const short = words !== null && words.length > INSIGHT_CHARS ? `${words.slice(0, INSIGHT_CHARS - 1)}…` : words;
  const against = agreesWithMeasured === false ? ' (not what was measured)' : '';
  const doubt = { secondEmotion, degree, cannotTell };
  const units = { claimedActionUnits, toldActionUnits };
  const said = { emotion, confidence, ...doubt, compound, ...units, description, reasoning };
  return {
    beginMs,
    timing: `${vttTime(beginMs)} --> ${vttTime(beginMs + INSIGHT_MS)}`,
    json: jsonText({
      v,
      id,
      track,
      kind: 'insight',
      ptsUs,
      task,
      engine,
      model,
      ...said,
      check,
      agreesWithMeasured,
      fused,
    }),
    caption:
      short === null
        ? null
        : { track, after: `, ${isTemplate(insight) ? 'in words' : 'a language model says'}: ${short}${against}` },
  };
}

interface Caption {
  readonly beginMs: number;
  readonly timing: string;
  readonly spoken: Spoken;
}

/** Text of a caption by the person's name; null where the face is nobody's. */
function textBy(who: PeopleFile | null): (caption: Caption) => string | null {
  const personOf = who && personFinder(who);
  return ({ beginMs, spoken: { track, after } }) => {
    const person = personOf ? personOf(track, micros(beginMs * 1000)) : { person: track, name: null };
    return person && captionText(`${personWords(person)}${after}`);
  };
}

/** Captions of cues and of units, in order of time. */
function captionsOf(cues: readonly Cue[], units: readonly UnitInterval[]): Caption[] {
  const spoken = cues.flatMap(({ beginMs, timing, caption }): Caption[] =>
    caption === null ? [] : [{ beginMs, timing, spoken: caption }],
  );
  for (const [, stretch] of groupedStretches(units, ({ track }) => String(track))) {
    const caption = unitCaption(stretch);
    if (caption) spoken.push(caption);
  }
  return spoken.sort((a, b) => a.beginMs - b.beginMs);
}

/**
 * `<base>.metadata.vtt` (kind=metadata, JSON cues) and `<base>.captions.vtt` (readable): one cue per episode, by time of
 * onset. Episodes come by their end, so cues wait until close().
 */
export async function createWebVttSink(
  target: SinkTarget,
  options: { readonly maxCues?: number; readonly actionUnits?: readonly string[]; readonly insights?: boolean } = {},
): Promise<FileSink> {
  const { maxCues = VTT_MAX_CUES, actionUnits = [], insights = false } = options;
  const seenUnits = actionUnits.length > 0;
  const [metadata, captions] = await openLineFiles(target, ['.metadata.vtt', '.captions.vtt'], { unitEnd: '\n\n' });
  metadata.write('WEBVTT\n\nNOTE Episodes of visible facial configuration, one JSON object per cue\n\n');
  captions.write('WEBVTT\n\nNOTE Describes visible facial configuration, not inner state\n\n');
  const cues: Cue[] = [];
  const units: UnitInterval[] = [];
  let leftOut = 0;
  let who: PeopleFile | null = null;
  let closing: Promise<void> | undefined;

  const finish = async (): Promise<void> => {
    try {
      // Stable: cues that begin together stay in the order of their ends.
      cues.sort((a, b) => a.beginMs - b.beginMs);
      for (const { timing, json } of cues) await metadata.write(`${timing}\n${json}\n\n`);
      const textOf = textBy(who);
      for (const caption of captionsOf(cues, units)) {
        const text = textOf(caption);
        if (text !== null) await captions.write(`${caption.timing}\n${text}\n\n`);
      }
    } finally {
      cues.length = 0;
      units.length = 0;
      await closeAll([metadata, captions]);
    }
  };

  return {
    name: 'webvtt',
    records: () => undefined,
    episode(episode) {
      if (cues.length >= maxCues) {
        leftOut++;
        return;
      }
      cues.push(cueOf(episode));
      const interval = unitInterval(episode);
      if (interval) units.push(interval);
    },
    insight(insight) {
      if (cues.length >= maxCues) leftOut++;
      else cues.push(insightCue(insight));
    },
    people(told) {
      who = isEachTrackAPerson(told) ? null : told;
    },
    close() {
      closing ??= finish();
      return closing;
    },
    files: () => {
      const more = leftOut > 0 ? { empty: { [counted(leftOut, 'episode')]: `beyond the first ${maxCues}` } } : {};
      return [
        {
          path: metadata.path,
          format: 'WebVTT, kind=metadata',
          contents: {
            cue: `JSON, one episode; times in microseconds of media time${seenUnits ? '; of an action unit, peak and mean are intensity / 5, intensityPeak and intensityMean 0..5' : ''}${insights ? '; kind insight: words about the frame at which the cue begins, by a language model or, where engine is measured, by a template' : ''}`,
          },
          ...more,
        },
        {
          path: captions.path,
          format: 'WebVTT, kind=captions',
          contents: {
            cue: `person, label and mean probability; blinks are left out${seenUnits ? `; action units that a person shows together share a cue, at most ${CAPTION_UNITS} named` : ''}${insights ? `; words about a face stand for ${INSIGHT_MS / 1000} s` : ''}`,
          },
          ...more,
        },
      ];
    },
  };
}
