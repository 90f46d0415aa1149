import { counted } from '../domain/counted.js';
import { type FrameSource, TURNS, type Turn, type VideoInfo } from '../domain/frame.js';
import type { RunSummary } from '../domain/records.js';
import { decideTurn, lookForFaces, SURE_SCORE, type SurestFace } from './look-for-faces.js';

/** Frames that are looked at before a video counts as upright or turned, a second apart. */
const TURN_FRAMES = 12;
/** Frames that are looked at in full size, a second apart. */
const FULL_FRAMES = 4;
/** Longest side that is tried. */
const MOST_SIDE_PX = 4096;

/** How to look at a video before or after it is analysed. */
export interface LookOptions {
  /** Opens the video anew, one frame a second. */
  readonly open: (changes: { readonly maxSidePx?: number }) => Promise<FrameSource>;
  readonly surestFace: SurestFace;
  readonly signal: AbortSignal;
}

/**
 * How a video must be turned so that its faces are upright: 0 when some are, or when no turn shows any.
 *
 * @param firstScore - of the surest face of its first frame, where it is known: one that leaves no doubt saves opening
 * the video anew
 */
export async function findTurn({ open, surestFace, signal }: LookOptions, firstScore: number | null): Promise<Turn> {
  if (firstScore !== null && firstScore >= SURE_SCORE) return 0;
  const source = await open({});
  return decideTurn(await lookForFaces(source, { surestFace, turns: TURNS, mostFrames: TURN_FRAMES, signal }));
}

/** One line of advice for a run that read no face, or mostly faces that are too small; null when there is none to give. */
export async function adviceOn(
  { info, summary }: { readonly info: VideoInfo; readonly summary: RunSummary },
  { open, surestFace, signal }: LookOptions,
): Promise<string | null> {
  const { coverage, frames, tracks } = summary;
  const side = Math.min(MOST_SIDE_PX, Math.max(info.sourceWidthPx, info.sourceHeightPx));
  const shrunk = side > Math.max(info.widthPx, info.heightPx);
  const most = `--max-side ${side}`;
  if (tracks > 0) {
    return shrunk && 2 * coverage['too-small'] > frames ? `faces are small: ${most} reads them larger` : null;
  }
  if (frames === 0) return null;
  if (!shrunk) return 'no face was found; if faces are turned or very small, see --rotate and --min-face';
  const source = await open({ maxSidePx: side });
  const looks = await lookForFaces(source, { surestFace, turns: [0], mostFrames: FULL_FRAMES, signal });
  const seen = `in ${looks.withFace[0]} of ${counted(looks.frames, 'frame')} looked at`;
  return looks.withFace[0] > 0
    ? `no face was found in pictures shrunk to ${info.widthPx}x${info.heightPx}; in full size there are faces ${seen}: use ${most}`
    : `no face was found, nor in full size (${side} px) in ${counted(looks.frames, 'frame')} looked at`;
}
