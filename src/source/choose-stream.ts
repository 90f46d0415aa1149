import { AffectError } from '../domain/errors.js';

/** What the choice looks at: fields of ffprobe's description of a stream. */
export interface StreamFacts {
  readonly codec_name?: string | undefined;
  readonly codec_type?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly nb_frames?: string | undefined;
  readonly disposition?: Record<string, number> | undefined;
  readonly tags?: Record<string, string> | undefined;
}

export interface StreamChoice<S> {
  readonly stream: S;
  /** Its number among the file's video streams, cover art not counted: what `--stream` takes. */
  readonly index: number;
  /** One line when there was something to choose from, else null. */
  readonly note: string | null;
}

/** Codecs of pictures. A stream of them may still be video (MJPEG), so it only stands back for another. */
const PICTURE_CODEC = /^(mjpeg|png|apng|bmp|tiff|webp|gif|jpegls|jpeg2000|ppm|pgm|svg)$/;

/**
 * The video stream to read: the one asked for, or else the first that moves. Throws INPUT_NO_VIDEO when the file has
 * none, or not the one asked for.
 */
export function chooseStream<S extends StreamFacts>(
  path: string,
  streams: readonly S[],
  asked: number | undefined,
): StreamChoice<S> {
  const pictures = streams.filter((stream) => stream.codec_type === 'video');
  const videos = pictures.filter((stream) => !stream.disposition?.attached_pic);
  if (videos.length === 0) {
    const has =
      pictures.length > 0 ? 'only cover art' : streams.length > 0 ? 'no video stream (audio only?)' : 'no stream';
    throw new AffectError('INPUT_NO_VIDEO', `${path}: has ${has}; give a file with video`);
  }
  const index = asked ?? videos.indexOf(videos.toSorted((a, b) => stillness(a) - stillness(b))[0]!);
  const stream = videos[index];
  if (!stream) {
    const range = videos.length === 1 ? 'only 0' : `0 to ${videos.length - 1}`;
    throw new AffectError('INPUT_NO_VIDEO', `${path}: has no video stream ${asked}; choose ${range}`);
  }
  const list = videos.map((video, at) => `${at} ${words(video)}`).join(', ');
  const several = videos.length > 1 && asked === undefined;
  return {
    stream,
    index,
    note: several
      ? `has ${videos.length} video streams (${list}); stream ${index} was read, --stream N chooses another`
      : null,
  };
}

/** 0 moving, 1 perhaps a picture, 2 a picture: by its marks, its count of frames, its codec. */
function stillness({ disposition, nb_frames, tags, codec_name }: StreamFacts): number {
  const frames = nb_frames ?? Object.entries(tags ?? {}).find(([name]) => /^NUMBER_OF_FRAMES\b/.test(name))?.[1];
  if (disposition?.still_image || disposition?.timed_thumbnails || frames === '1') return 2;
  return PICTURE_CODEC.test(codec_name ?? '') ? 1 : 0;
}

function words(stream: StreamFacts): string {
  const size = stream.width && stream.height ? ` ${stream.width}x${stream.height}` : '';
  const still = stillness(stream) > 0 ? ', perhaps a still picture' : '';
  return `${stream.codec_name ?? 'unknown'}${size}${still}`;
}
