import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { ffmpeg } from './make-video.js';

const CODECS = {
  h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12', '-pix_fmt', 'yuv420p'],
  mpeg4: ['-c:v', 'mpeg4', '-g', '12'],
  vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-auto-alt-ref', '0'],
  vp9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
  mjpeg: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
  wmv2: ['-c:v', 'wmv2', '-g', '12'],
} as const;
type Codec = keyof typeof CODECS;

const CONTAINERS: Readonly<Record<string, readonly Codec[]>> = {
  ts: ['h264', 'mpeg4'],
  mkv: ['h264', 'mpeg4', 'vp8', 'vp9', 'mjpeg'],
  mp4: ['h264', 'mpeg4', 'vp9'],
  webm: ['vp8', 'vp9'],
  avi: ['h264', 'mpeg4', 'mjpeg'],
  wmv: ['wmv2'],
  mov: ['h264', 'mpeg4', 'mjpeg'],
  flv: ['h264'],
};
const SIZES = ['96x64', '64x96', '128x64'];

/** One made file: what it is, in words that make it again by hand, and the seconds that its frames should span. */
export interface MadeFile {
  readonly path: string;
  readonly what: string;
  readonly fps: number;
  /** From the first frame to the end of the last; null where frames are left out at random. */
  readonly seconds: number | null;
}

/** Makes the file of this number in `folder`, the same for the same sequence of random numbers. Needs ffmpeg. */
export function makeMedia(name: (file: string) => string, random: () => number, number: number): MadeFile {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const chance = (share: number) => random() < share;
  const container = pick(Object.keys(CONTAINERS));
  const codec = pick(CONTAINERS[container]!);
  const fps = pick([10, 25, 30, 29.97]);
  const frames = Math.round(fps * pick([0.6, 1, 1.6]));
  const vfr = container !== 'avi' && chance(0.25);
  const bFrames = (codec === 'h264' || codec === 'mpeg4') && container !== 'avi' && chance(0.5) ? 2 : 0;
  const audioSeconds = chance(0.4) ? pick([0.3, 1, 3]) : null;
  const offset = container === 'ts' || container === 'mkv' ? pick([0, 0, 7.5, 50_000, 95_443]) : 0;
  const pieces = container === 'ts' ? pick([1, 2, 3]) : 1;
  const cut = container === 'ts' && pieces === 1 && chance(0.3);
  const edited = (container === 'mp4' || container === 'mov') && chance(0.3);
  const made: string[] = [];
  const sizes: string[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    sizes.push(pick(SIZES));
    const path = name(`piece${piece}.${container}`);
    const video = ['-f', 'lavfi', '-i', `testsrc2=size=${sizes[piece]}:rate=${fps}:duration=${(frames + 0.5) / fps}`];
    const audio = audioSeconds === null ? [] : ['-f', 'lavfi', '-i', `sine=duration=${audioSeconds}`];
    const steps = vfr ? ['-vf', "select='not(eq(mod(n,5),2))'", '-vsync', 'vfr'] : [];
    const order = codec === 'h264' || codec === 'mpeg4' ? ['-bf', String(bFrames)] : [];
    const at = offset === 0 ? [] : ['-output_ts_offset', String(offset)];
    ffmpeg(...video, ...audio, '-frames:v', String(frames), ...steps, ...CODECS[codec], ...order, ...at, path);
    made.push(path);
  }
  const path = name(`made${number}.${container}`);
  const bytes = Buffer.concat(made.map((piece) => readFileSync(piece)));
  writeFileSync(path, cut ? bytes.subarray(188 * Math.floor((bytes.length / 188) * 0.4)) : bytes);
  if (edited) {
    writeFileSync(name(`whole.${container}`), bytes);
    ffmpeg('-ss', '0.2', '-i', name(`whole.${container}`), '-c', 'copy', path);
  }
  const traits = { codec, fps, frames, vfr, bFrames, audioSeconds, offset, sizes: sizes.join('+'), cut, edited };
  const whole = !vfr && !cut && !edited;
  return {
    path,
    what: `${container} ${JSON.stringify(traits)}`,
    fps,
    seconds: whole ? (pieces * frames) / fps : null,
  };
}

/** How many frames ffmpeg itself decodes of the first video stream. */
export function decodableFrames(path: string): number {
  const args = ['-v', 'quiet', '-select_streams', 'v:0', '-count_frames', '-show_entries', 'stream=nb_read_frames'];
  const answer = execFileSync('ffprobe', [...args, '-of', 'csv=p=0', `file:${path}`]).toString();
  return Number(/\d+/.exec(answer)?.[0] ?? 0);
}
