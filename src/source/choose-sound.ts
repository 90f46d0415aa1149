import { AffectError } from '../domain/errors.js';
import type { SoundChoice } from '../domain/sound.js';

/** What ffprobe tells of a stream, as far as the choice depends on it. */
export interface SoundFacts {
  readonly index: number;
  readonly codec_type?: string | undefined;
  readonly codec_name?: string | undefined;
  readonly channels?: number | undefined;
  readonly disposition?: Record<string, number> | undefined;
}

export interface ChosenSound {
  /** Its number among all streams of the container, for `-map`. */
  readonly containerStreamIndex: number;
  /** One line when there was something to choose from, else null. */
  readonly note: string | null;
}

/**
 * The sound to listen to: the stream asked for, or the one that players choose, marked as the default, else the first. Null
 * where the file has none or none is wanted. Throws USAGE for a number that the file does not have.
 */
export function chooseSound(path: string, streams: readonly SoundFacts[], asked: SoundChoice): ChosenSound | null {
  if (asked === 'none') return null;
  const sounds = streams.filter(({ codec_type }) => codec_type === 'audio');
  if (asked !== 'auto') {
    const stream = sounds[asked];
    if (stream) return { containerStreamIndex: stream.index, note: null };
    const has = ['has no sound', 'has one sound stream, number 0'][sounds.length];
    throw new AffectError(
      'USAGE',
      `${path}: ${has ?? `has sound streams 0 to ${sounds.length - 1}`}, not ${asked}; choose another --sound`,
    );
  }
  const at = Math.max(
    0,
    sounds.findIndex(({ disposition }) => disposition?.default),
  );
  const stream = sounds[at];
  if (!stream) return null;
  const list = sounds.map(({ codec_name, channels }, index) => `${index} ${codec_name ?? 'unknown'}${words(channels)}`);
  const note =
    sounds.length > 1
      ? `has ${sounds.length} sound streams (${list.join(', ')}); stream ${at} was heard, --sound N chooses another`
      : null;
  return { containerStreamIndex: stream.index, note };
}

const words = (channels: number | undefined): string =>
  channels === undefined ? '' : ` with ${channels} channel${channels === 1 ? '' : 's'}`;
