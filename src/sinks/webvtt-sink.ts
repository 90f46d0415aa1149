import type { Episode } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { openLineFile } from './line-file.js';
import { rounded } from './number-text.js';

/** hh:mm:ss.mmm, at least 0. */
export function vttTime(ptsUs: number): string {
  const ms = Math.max(0, Math.round(ptsUs / 1000));
  const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
  return `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}.${pad(ms % 1000, 3)}`;
}

/** Cue text may hold no line break and no arrow, and in captions no markup. */
const captionText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\s+/g, ' ');

/** JSON of a cue: escapes keep `-->` out. */
const jsonText = (value: unknown): string => JSON.stringify(value).replaceAll('>', '\\u003e');

function cue(episode: Episode, text: string): string {
  const end = Math.max(episode.offsetUs ?? episode.apexUs, episode.onsetUs + 1000);
  return `\n${vttTime(episode.onsetUs)} --> ${vttTime(end)}\n${text}\n`;
}

function caption(episode: Episode): string {
  const certainty = `${Math.round(episode.confidence * 100)} %`;
  const what = episode.kind === 'blink' ? episode.label : `${episode.label} (${certainty})`;
  return captionText(`Person ${episode.track}: ${what}`);
}

/**
 * `<base>.metadata.vtt` (kind=metadata, JSON cues) and `<base>.captions.vtt`: one cue per episode, by time of onset.
 * Episodes come by their end, so they are kept (some hundred bytes each) until close.
 */
export async function createWebVttSink(base: string): Promise<FileSink> {
  const metadata = await openLineFile(`${base}.metadata.vtt`);
  const captions = await openLineFile(`${base}.captions.vtt`);
  const episodes: Episode[] = [];
  return {
    name: 'webvtt',
    records: () => undefined,
    episode: (episode) => void episodes.push(episode),
    async close() {
      episodes.sort((a, b) => a.onsetUs - b.onsetUs || a.track - b.track || (a.id < b.id ? -1 : 1));
      await metadata.write('WEBVTT\n\nNOTE Episodes of visible facial configuration, one JSON object per cue\n');
      await captions.write('WEBVTT\n\nNOTE Describes visible facial configuration, not inner state\n');
      for (const episode of episodes) {
        const { v, id, track, kind, label, onsetUs, apexUs, offsetUs } = episode;
        const numbers = {
          peak: rounded(episode.peak, 4),
          mean: rounded(episode.mean, 4),
          confidence: rounded(episode.confidence, 4),
        };
        await metadata.write(
          cue(episode, jsonText({ v, id, track, kind, label, onsetUs, apexUs, offsetUs, ...numbers })),
        );
        // Blinks would flicker over everything else.
        if (episode.kind !== 'blink') await captions.write(cue(episode, caption(episode)));
      }
      await metadata.close();
      await captions.close();
    },
    files: () => [
      { path: metadata.path, format: 'WebVTT, kind=metadata', contents: { cue: 'JSON, one episode' } },
      {
        path: captions.path,
        format: 'WebVTT, kind=captions',
        contents: { cue: 'emotion episodes in words; blinks are left out' },
      },
    ],
  };
}
