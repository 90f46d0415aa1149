import { once } from 'node:events';
import { expect } from 'vitest';
import { AffectError } from '../../src/domain/errors.js';
import type { FrameFaces } from '../../src/domain/face.js';
import type { FrameSource } from '../../src/domain/frame.js';
import type { Episode } from '../../src/domain/records.js';
import { micros } from '../../src/domain/units.js';
import { initialFacesState } from '../../src/faces/track-state.js';
import { buildRecords } from '../../src/pipeline/build-records.js';
import type { FacePipeline } from '../../src/pipeline/face-pipeline.js';
import { createSpeechState } from '../../src/speech/speech-stage.js';
import { createTemporalState } from '../../src/temporal/temporal-stage.js';

export interface CountedSource extends FrameSource {
  /** Indices of the frames that are on loan. */
  readonly open: ReadonlySet<number>;
  /** Runs over the frames that have ended. */
  readonly returned: number;
}

/**
 * A source of numbered frames, 40 ms apart, that counts its leases. It may be damaged after `failAfter` frames, or give
 * nothing more after `silentAfter` until its signal aborts.
 */
export function countedSource(
  frames: number,
  { failAfter, silentAfter }: { readonly failAfter?: number | undefined; readonly silentAfter?: number } = {},
): CountedSource {
  const open = new Set<number>();
  let returned = 0;
  return {
    open,
    get returned() {
      return returned;
    },
    notes: [],
    info: {
      path: 'clip.mp4',
      streamIndex: 0,
      codec: 'h264',
      pixelFormat: 'yuv420p',
      widthPx: 2,
      heightPx: 2,
      sourceWidthPx: 2,
      sourceHeightPx: 2,
      startOffsetSeconds: 0,
      rotationDegrees: 0,
      durationSeconds: null,
      frameCount: null,
      nominalFps: null,
    },
    async *frames(signal) {
      try {
        for (let index = 0; index < frames; index++) {
          if (index === silentAfter && !signal.aborted) await once(signal, 'abort');
          if (signal.aborted) return;
          if (index === failAfter) throw new AffectError('INPUT_DAMAGED', 'clip.mp4 is truncated at 0.12 s');
          open.add(index);
          yield {
            frame: {
              index,
              ptsUs: micros(index * 40_000),
              widthPx: 2,
              heightPx: 2,
              data: new Uint8Array(new SharedArrayBuffer(6)),
            },
            release: () => expect(open.delete(index)).toBe(true),
          };
        }
      } finally {
        returned++;
      }
    },
  };
}

/** A pipeline whose states count the frames seen; the source of a record shows the later one. */
export function countingPipeline(located: number[] = []): FacePipeline {
  let faces = 0;
  let temporal = 0;
  return {
    async locate(frame) {
      faces += 1;
      located.push(frame.index);
      return {
        frameIndex: frame.index,
        ptsUs: frame.ptsUs,
        faces: [],
        endedTracks: [],
        sceneCut: false,
      } satisfies FrameFaces;
    },
    read: async (_frame, seen) => ({ faces: seen, evidence: [], gazes: new Map(), visibility: new Map(), voice: null }),
    advance({ faces: seen }) {
      temporal += 1;
      const context = { source: `${temporal}`, emotions: true, actionUnits: false, cover: false };
      const [record] = buildRecords(context, seen, new Map());
      return { records: [record!], episodes: [] };
    },
    finish: () => [{ id: `end after ${temporal}` } as Episode],
    weighIn: () => null,
    facesState: () => ({ ...initialFacesState(), nextTrackId: faces }),
    advancedState: () => ({
      speech: createSpeechState(),
      temporal: { ...createTemporalState('clip'), nowUs: temporal },
    }),
    restore(state) {
      faces = state.faces.nextTrackId;
      temporal = state.temporal.nowUs!;
    },
  };
}
