import { z } from 'zod';
import { AffectError } from '../domain/errors.js';
import { DEFAULT_MAX_SIDE_PX } from '../domain/reading-size.js';
import type { SoundChoice, SoundPiece, SoundSource } from '../domain/sound.js';
import { chooseSound } from './choose-sound.js';
import { localFileUrl, type ProbeAnswer } from './ffprobe.js';
import { plainWords } from './plain-words.js';
import { readProbe } from './probe.js';
import { soundArguments } from './sound-arguments.js';
import { SoundRun } from './sound-run.js';

const streamsSchema = z.looseObject({
  streams: z
    .array(
      z.looseObject({
        index: z.number(),
        codec_type: z.string().optional(),
        codec_name: z.string().optional(),
        channels: z.number().optional(),
        disposition: z.record(z.string(), z.number()).optional(),
      }),
    )
    .default([]),
});

export interface OpenSoundOptions {
  /** A local file. */
  readonly path: string;
  /** What ffprobe said of it. */
  readonly answer: ProbeAnswer;
  /** The picture that is read beside it. @default the first that moves */
  readonly streamIndex?: number | undefined;
  /** @default 'auto' */
  readonly sound?: SoundChoice | undefined;
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
  /** How long ffmpeg may be silent. @default 60 s */
  readonly stallMs?: number;
}

/**
 * Opens the sound of a recorded video, on the clock of its picture; null where it has none or none is wanted. No process runs
 * before pieces are asked for. Throws USAGE for a stream that the file does not have.
 */
export function openSound(options: OpenSoundOptions): SoundSource | null {
  const { path, answer, streamIndex, sound = 'auto', startSeconds, endSeconds, stallMs = 60_000 } = options;
  const { data } = streamsSchema.safeParse(answer.json);
  const chosen = chooseSound(path, data?.streams ?? [], sound);
  if (!chosen) return null;
  const video = readProbe({ ...answer, path, streamIndex, maxSidePx: DEFAULT_MAX_SIDE_PX, turn: 0 });
  const { containerStreamIndex, note } = chosen;
  const notes: string[] = [];
  async function* pieces(signal: AbortSignal): AsyncGenerator<SoundPiece, void, void> {
    if (signal.aborted) return;
    const run = new SoundRun({
      arguments: soundArguments(video, { containerStreamIndex, startSeconds, endSeconds }),
      input: localFileUrl(path),
      stallMs,
    });
    const stop = (): void => void run.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (let piece = await run.next(); piece; piece = await run.next()) yield piece;
      if (signal.aborted) return;
      const { problem, stopped } = await run.end();
      if (stopped)
        throw new AffectError('INTERRUPTED', `${path}: decoding its sound was stopped from outside; start it again`);
      if (problem !== null) notes.push(`its sound cannot be read to the end: ${plainWords(problem, 'it is broken')}`);
    } finally {
      signal.removeEventListener('abort', stop);
      await run.stop();
    }
  }
  return { choice: note, notes, pieces };
}
