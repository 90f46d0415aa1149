import type { DeviceChoice } from '../domain/device.js';
import type { FaceSearch } from '../eval/benchmarks/face-search.js';
import { grayJpeg, type PictureSource } from '../eval/benchmarks/picture-source.js';
import { meshInPicture, openStillReader, type StillReader } from '../eval/still-reader.js';
import type { EngineFlags } from './engine-options.js';

/** What a command line says of the faces whose numbers an engine takes. */
export interface SearchFlags extends Pick<EngineFlags, 'mllmEngine'> {
  /** off: zeros are sent in their place. */
  readonly landmarks: 'auto' | 'off';
  readonly device?: DeviceChoice;
}

/** Whether faces may be looked for: to be sent as numbers, or since mien-vlm takes the mesh beside the picture. */
export const searches = ({ landmarks, mllmEngine }: SearchFlags): boolean =>
  mllmEngine === 'mien-vlm' || (landmarks === 'auto' && mllmEngine !== 'transformers');

/** Finds the mesh of faces for an engine that takes it; mien-vlm gets the gray picture in which it was found. */
export function faceSearch(
  flags: SearchFlags,
  pictures: PictureSource,
  reader: () => Promise<StillReader>,
): FaceSearch | null {
  const sendsSearched = flags.mllmEngine === 'mien-vlm';
  if (!sendsSearched && flags.landmarks === 'off') return null;
  return {
    sendsSearched,
    async find(image) {
      const gray = await pictures.gray(image);
      const found = await (await reader()).locate(gray);
      if (sendsSearched) {
        const { widthPx, heightPx } = found?.picture ?? gray;
        return { jpeg: await grayJpeg(found?.picture ?? gray), mesh: found?.mesh ?? null, aspect: heightPx / widthPx };
      }
      return { jpeg: null, mesh: found && meshInPicture(found), aspect: gray.heightPx / gray.widthPx };
    },
  };
}

/** Runs with what measures the pictures, started when it is first asked for, and closes it. */
export async function whileOpen<T>(
  flags: SearchFlags,
  signal: AbortSignal,
  run: (reader: () => Promise<StillReader>) => Promise<T>,
): Promise<T> {
  let opening: Promise<StillReader> | null = null;
  const open = async (): Promise<StillReader> => {
    const reader = await openStillReader(flags.device ? { device: flags.device } : {}, signal);
    if (reader.device.problem) process.stderr.write(`${reader.device.problem}\n`);
    return reader;
  };
  try {
    return await run(() => {
      opening ??= open();
      return opening;
    });
  } finally {
    const opened = opening as Promise<StillReader> | null;
    await opened?.then(
      (reader) => reader.close(),
      () => undefined,
    ); // who asked for it heard why it did not open
  }
}
