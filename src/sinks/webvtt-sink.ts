import type { Episode } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { closeAll, openLineFiles } from './line-file.js';
import { rounded } from './number-text.js';
import type { SinkTarget } from './output-file.js';

/** Cues held until close: some 500 bytes each. More are counted, left out here, and named in the manifest. */
export const VTT_MAX_CUES = 100_000;

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
  /** Null for blinks: they would flicker over everything else. */
  readonly caption: string | null;
}

export function cueOf(episode: Episode): Cue {
  const { v, id, track, kind, label, onsetUs, apexUs, offsetUs, endReason } = episode;
  const beginMs = Math.max(0, Math.round(onsetUs / 1000));
  const endMs = Math.max(beginMs + 1, Math.round((offsetUs ?? apexUs) / 1000));
  const numbers = {
    peak: rounded(episode.peak, 4),
    mean: rounded(episode.mean, 4),
    confidence: rounded(episode.confidence, 4),
  };
  const words = `Person ${track}: ${label} (${Math.round(episode.confidence * 100)} %)`;
  return {
    beginMs,
    timing: `${vttTime(beginMs)} --> ${vttTime(endMs)}`,
    json: jsonText({ v, id, track, kind, label, onsetUs, apexUs, offsetUs, ...numbers, endReason }),
    caption: kind === 'blink' ? null : captionText(words),
  };
}

/**
 * `<base>.metadata.vtt` (kind=metadata, JSON cues) and `<base>.captions.vtt` (readable): one cue per episode, by time of
 * onset. Episodes come by their end, so cues wait until close().
 */
export async function createWebVttSink(
  target: SinkTarget,
  options: { readonly maxCues?: number } = {},
): Promise<FileSink> {
  const maxCues = options.maxCues ?? VTT_MAX_CUES;
  const [metadata, captions] = await openLineFiles(target, ['.metadata.vtt', '.captions.vtt'], { unitEnd: '\n\n' });
  metadata.write('WEBVTT\n\nNOTE Episodes of visible facial configuration, one JSON object per cue\n\n');
  captions.write('WEBVTT\n\nNOTE Describes visible facial configuration, not inner state\n\n');
  const cues: Cue[] = [];
  let leftOut = 0;
  let closing: Promise<void> | undefined;

  const finish = async (): Promise<void> => {
    try {
      // Stable: cues that begin together stay in the order of their ends.
      cues.sort((a, b) => a.beginMs - b.beginMs);
      for (const { timing, json, caption } of cues) {
        await metadata.write(`${timing}\n${json}\n\n`);
        if (caption !== null) await captions.write(`${timing}\n${caption}\n\n`);
      }
    } finally {
      cues.length = 0;
      await closeAll([metadata, captions]);
    }
  };

  return {
    name: 'webvtt',
    records: () => undefined,
    episode(episode) {
      if (cues.length < maxCues) cues.push(cueOf(episode));
      else leftOut++;
    },
    close() {
      closing ??= finish();
      return closing;
    },
    files: () => {
      const more = leftOut > 0 ? { empty: { [`${leftOut} episodes`]: `beyond the first ${maxCues}` } } : {};
      return [
        {
          path: metadata.path,
          format: 'WebVTT, kind=metadata',
          contents: { cue: 'JSON, one episode; times in microseconds of media time' },
          ...more,
        },
        {
          path: captions.path,
          format: 'WebVTT, kind=captions',
          contents: { cue: 'person, label and mean probability; blinks are left out' },
          ...more,
        },
      ];
    },
  };
}
