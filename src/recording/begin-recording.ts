import { turnAreas } from '../areas/polygon.js';
import { NO_AREAS } from '../domain/areas.js';
import type { SettledDecoder } from '../domain/decoder.js';
import type { FrameSource, Turn } from '../domain/frame.js';
import type { SoundSource } from '../domain/sound.js';
import { askFfprobe, type ProbeAnswer } from '../source/ffprobe.js';
import { openSound } from '../source/sound-file.js';
import { type OpenVideoOptions, openVideo } from '../source/video-file.js';
import { blackedOut } from './blacked-out.js';
import { begunEarly, type EarlySource } from './early-source.js';
import type { OutputPlan } from './output-plan.js';
import type { ReadingOptions } from './reading-options.js';

/** Which video is read, and how. */
export interface BeginRecordingOptions {
  readonly plan: Pick<OutputPlan, 'input' | 'name'>;
  readonly reading: ReadingOptions;
  /** What decodes it. @default software */
  readonly decoder?: SettledDecoder;
}

/** A video that is opened, and decoded a few frames ahead, while models load or the video before it ends. */
export interface BegunRecording {
  /** As it was asked for: with `rotate: 'auto'`, as it lies in the file. Rejects with the errors of `openVideo`. */
  readonly source: Promise<EarlySource>;
  /** Opens it once more; ffprobe is not asked again. */
  open(changes: Partial<OpenVideoOptions> & { readonly turn: Turn }): Promise<FrameSource>;
  /** Its sound; null where it has none or none is wanted. Throws USAGE for a stream that it does not have. */
  sound(): Promise<SoundSource | null>;
  /** Ends the decoder where nobody has taken its frames. Never rejects; idempotent. */
  end(): Promise<void>;
}

/** Animated pictures, which ffprobe knows nothing of: they have no sound. */
const ANIMATED = 'webp';

/** Begins what needs no models. Whoever calls it calls `end()`, too. */
export function beginRecording(options: BeginRecordingOptions, signal: AbortSignal): BegunRecording {
  let asked: Promise<ProbeAnswer> | undefined;
  const ask = (): Promise<ProbeAnswer> => {
    asked ??= askFfprobe(options.plan.input, signal);
    return asked;
  };
  const open: BegunRecording['open'] = (changes) => openMasked(options, { ask, ...changes });
  const { rotate = 0 } = options.reading;
  const source = open({ turn: rotate === 'auto' ? 0 : rotate }).then(begunEarly);
  source.catch(() => undefined); // Told to whoever waits for it.
  return {
    source,
    open,
    async sound() {
      const { info } = await source;
      if (info.codec === ANIMATED) return null;
      const { plan, reading } = options;
      return openSound({ path: plan.input, answer: await ask(), ...reading });
    },
    end: () =>
      source.then(
        (early) => early.end(),
        () => undefined,
      ),
  };
}

/** The video with its masks drawn black: nobody gets to see it without. */
async function openMasked(
  { plan, reading, decoder }: BeginRecordingOptions,
  changes: Partial<OpenVideoOptions> & { readonly turn: Turn },
): Promise<FrameSource> {
  const video = await openVideo({ path: plan.input, ...reading, decoder: decoder?.used ?? 'none', ...changes });
  return blackedOut(video, areasAt(reading, changes.turn).masks);
}

/** Masks and zones are drawn in the picture as it was asked for; where it is turned beyond that, they turn along. */
export const areasAt = ({ areas = NO_AREAS, rotate = 0 }: ReadingOptions, turn: Turn) =>
  rotate === 'auto' ? turnAreas(areas, turn) : areas;
