import { AffectError } from '../domain/errors.js';
import { UNDECLARED_END } from './decode-arguments.js';
import type { DecodeEnd } from './decode-run.js';
import { EXIT_ON_SIGNAL } from './ffmpeg-process.js';
import { readPackets, type VideoPacket } from './ffprobe.js';
import { countPictures, type DecodeFacts, fallsShort, judgeDecode, MAX_SHORTFALL_SECONDS } from './judge-decode.js';
import { plainWords } from './plain-words.js';
import type { ProbedVideo } from './probe.js';

/** What is read of a video, and what ends the reading. */
export interface Range {
  readonly signal: AbortSignal;
  readonly startSeconds: number | undefined;
  readonly endSeconds: number | undefined;
  readonly sampleFps: number | undefined;
}

/** What was wrong with a run that has ended, undefined when nothing was; adds what else was noticed to `notes`. */
export async function decodeProblem(
  video: ProbedVideo,
  end: DecodeEnd,
  also: { readonly range: Range; readonly notes: string[] },
): Promise<AffectError | undefined> {
  return problemOf(video, end) ?? (await damageOf(video, end, also));
}

/** `said`: ffmpeg's own words, if any. */
function damaged({ info }: ProbedVideo, { lastPtsUs }: DecodeEnd, what: string, said?: string): AffectError {
  const upTo = lastPtsUs === null ? 'no frame could be read' : `read up to ${(lastPtsUs / 1e6).toFixed(3)} s`;
  const cause = said === undefined ? {} : { cause: said };
  return new AffectError('INPUT_DAMAGED', `${info.path}: damaged, ${upTo}: ${what}; copy or record it again`, cause);
}

/** Judges how ffmpeg ended: undefined when it came to the end by itself. */
function problemOf(video: ProbedVideo, end: DecodeEnd): AffectError | undefined {
  const { path, codec } = video.info;
  const { exit } = end;
  const { stderr } = end.log;
  if (exit.spawnError !== null) {
    return new AffectError('FFMPEG_MISSING', `ffmpeg cannot be started (${exit.spawnError}); reinstall ffmpeg`);
  }
  if (stderr.noDecoder) {
    const hint = 'convert it to H.264, or install an ffmpeg built with that decoder';
    return new AffectError(
      'INPUT_UNSUPPORTED',
      `${path}: this ffmpeg cannot decode its video (codec ${codec}); ${hint}`,
    );
  }
  if (end.stalled) return damaged(video, end, 'ffmpeg stopped answering');
  if (exit.code === EXIT_ON_SIGNAL) {
    return new AffectError('INTERRUPTED', `${path}: decoding was stopped from outside; start it again`);
  }
  if (end.streamProblem) return damaged(video, end, 'what ffmpeg sent makes no sense', end.streamProblem);
  if (exit.signal) return damaged(video, end, `ffmpeg died (${exit.signal})`);
  if (end.cutOff) return damaged(video, end, 'the stream from ffmpeg ends inside a frame');
  const complaint = stderr.lastDamage ?? stderr.lastError;
  const broken = () => damaged(video, end, plainWords(complaint, 'its data are broken'), complaint);
  if (exit.code !== 0 || (end.frames === 0 && stderr.damageLines > 0)) return broken();
  return undefined;
}

/** Counts what was lost on the way. Adds what else was noticed to `notes`. */
async function damageOf(
  video: ProbedVideo,
  end: DecodeEnd,
  { range, notes }: { readonly range: Range; readonly notes: string[] },
): Promise<AffectError | undefined> {
  const { log } = end;
  const facts: DecodeFacts = {
    complaints: log.stderr.damageLines,
    // A run-up from the middle of the file may begin with patched pictures, which are then left out.
    brokenPictures: range.startSeconds === undefined ? log.brokenPictures : 0,
    decodedPictures: log.decodedPictures,
    pictures: log.stderr.damageLines > 0 ? await picturesOf(video, end, range) : null,
    undeclaredEnd: UNDECLARED_END.test(video.format),
    endsEarly: await endsEarly(video, end, range),
  };
  const verdict = judgeDecode(facts);
  notes.push(...verdict.notes);
  return verdict.damage === null ? undefined : damaged(video, end, verdict.damage);
}

async function picturesOf({ info, containerStreamIndex }: ProbedVideo, end: DecodeEnd, range: Range) {
  if (range.startSeconds !== undefined || range.endSeconds !== undefined || end.firstPtsUs === null) return null;
  const packets = await readPackets({ path: info.path, containerStreamIndex, signal: range.signal });
  return countPictures(packets, end.firstPtsUs / 1e6 + info.startOffsetSeconds);
}

/** True when the last frame lies well before the declared end, and no packet in the file fills the gap. */
async function endsEarly(video: ProbedVideo, end: DecodeEnd, range: Range): Promise<boolean> {
  const { info, format, endSeconds: declaredEndSeconds, containerStreamIndex } = video;
  if (declaredEndSeconds === null || end.lastPtsUs === null || range.endSeconds !== undefined) return false;
  if (UNDECLARED_END.test(format)) return false;
  const frameSeconds = 1 / Math.min(info.nominalFps ?? 25, range.sampleFps ?? Number.POSITIVE_INFINITY);
  const lastSeconds = end.lastPtsUs / 1e6 + info.startOffsetSeconds;
  if (lastSeconds + frameSeconds >= declaredEndSeconds - MAX_SHORTFALL_SECONDS) return false;
  // The last picture may be shown for long, or the sound outlast it: the packets then say so.
  const repaired = end.log.repaired('fall') + end.log.repaired('leap') > 0;
  const { signal } = range;
  const from = repaired ? { signal } : { signal, fromSeconds: lastSeconds };
  const pictures = await readPackets({ path: info.path, containerStreamIndex, ...from });
  if (!repaired && (latest(pictures, 'ptsSeconds') ?? lastSeconds) > lastSeconds + frameSeconds) return true;
  const all = await readPackets({ path: info.path, containerStreamIndex: 'all', ...from });
  return fallsShort({ declaredEndSeconds, lastEndSeconds: latest(all, 'endSeconds') });
}

function latest(packets: readonly VideoPacket[], time: 'ptsSeconds' | 'endSeconds'): number | null {
  return packets.reduce<number | null>((last, packet) => {
    const at = packet.discarded ? null : packet[time];
    return at !== null && (last === null || at > last) ? at : last;
  }, null);
}
