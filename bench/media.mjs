// ffmpeg and ffprobe as the benchmark uses them: facts of a clip, timed decoding, made clips.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

const VIDEO = /\.(mp4|mov|mkv|webm|avi)$/i;

/** @returns {{path: string, name: string, widthPx: number, heightPx: number, fps: number}} */
export function probe(path) {
  const fields = 'stream=width,height,avg_frame_rate';
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', fields, '-of', 'json', path];
  const [stream] = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })).streams;
  const [numerator, denominator] = stream.avg_frame_rate.split('/').map(Number);
  const name = basename(path, extname(path));
  return { path, name, widthPx: stream.width, heightPx: stream.height, fps: numerator / denominator };
}

/** Videos of a folder, by name. */
export function clipsIn(folder) {
  if (!existsSync(folder)) throw new Error(`no such folder: ${folder}`);
  const names = readdirSync(folder).filter((name) => VIDEO.test(name));
  if (names.length === 0) throw new Error(`no videos in ${folder}`);
  return names.sort().map((name) => probe(join(folder, name)));
}

/** PTS in microseconds of every frame, as ffprobe shows them. */
export function framePtsUs(path) {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time'];
  const text = execFileSync('ffprobe', [...args, '-of', 'csv=p=0', path], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return text
    .split('\n')
    .map((line) => line.split(',')[0].trim())
    .filter((line) => line !== '')
    .map((seconds) => Math.round(Number(seconds) * 1e6));
}

export function rawVideo(path, pixelFormat) {
  const args = ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough'];
  return spawn('ffmpeg', [...args, '-f', 'rawvideo', '-pix_fmt', pixelFormat, '-'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Decodes into a pipe that is read and dropped. */
export async function timeDecode(clip, pixelFormat) {
  const { widthPx, heightPx } = clip;
  const chroma = 2 * Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  const frameBytes = pixelFormat === 'rgb24' ? 3 * widthPx * heightPx : widthPx * heightPx + chroma;
  const started = performance.now();
  const child = rawVideo(clip.path, pixelFormat);
  const exited = once(child, 'exit');
  let bytes = 0;
  for await (const chunk of child.stdout) bytes += chunk.length;
  const [code] = await exited;
  if (code !== 0) throw new Error(`ffmpeg could not decode ${clip.path}`);
  return { frames: bytes / frameBytes, seconds: (performance.now() - started) / 1000 };
}

const ffmpeg = (args) => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);

/** Nine clips side by side, 1278 x 1278, as long as the shortest, at most `maxSeconds`. Squarest clips first. */
export function makeNineFaces({ clips, out, maxSeconds }) {
  const oblong = ({ widthPx, heightPx }) => Math.abs(Math.log(widthPx / heightPx));
  const squarest = [...clips].sort((a, b) => oblong(a) - oblong(b));
  const nine = Array.from({ length: 9 }, (_, index) => squarest[index % squarest.length]);
  const tile = 'fps=25,scale=426:426:force_original_aspect_ratio=increase,crop=426:426:(iw-ow)/2:(ih-oh)/4,setsar=1';
  const tiles = nine.map((_, index) => `[${index}:v]${tile}[t${index}]`);
  const layout = nine.map((_, index) => `${426 * (index % 3)}_${426 * Math.floor(index / 3)}`).join('|');
  const stack = `${nine.map((_, index) => `[t${index}]`).join('')}xstack=inputs=9:layout=${layout}:shortest=1[v]`;
  const inputs = nine.flatMap(({ path }) => ['-i', path]);
  const graph = [...tiles, stack].join(';');
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p'];
  ffmpeg([...inputs, '-filter_complex', graph, '-map', '[v]', '-t', String(maxSeconds), ...encode, out]);
  return probe(out);
}

/** One clip again and again without encoding it anew. */
export function makeLoop({ clip, out, seconds }) {
  ffmpeg(['-stream_loop', '-1', '-i', clip.path, '-map', '0:v:0', '-c', 'copy', '-t', String(seconds), out]);
  return probe(out);
}
