import type { CameraHistory, Frame, Picture } from './history.js';

/** What a tile shows: a picture and the frame whose faces are drawn over it, of one media time. */
export interface Moment {
  readonly picture: Picture | null;
  /** Null when no analysed frame belongs to the picture. */
  readonly frame: Frame | null;
}

/** A frame this far from a picture still fits it: about two frames of a slow camera, milliseconds. */
const WITHIN_MS = 100;
/** How far back a live picture with its very own frame is preferred to a newer one without. */
const PREFER_MS = 250;
/** Pictures that lead the newest frame by more are shown alone: analysis stands still, the picture does not. */
const LEAD_MS = 700;

/** The frame nearest to a picture in media time, if one is near enough. */
export function frameFor(camera: CameraHistory, picture: Picture): Frame | null {
  // Both lists are in order of arrival; media time and arrival differ by the clock, which drifts by little.
  const place = camera.frames.placeAt(picture.atMs);
  let best: Frame | null = null;
  for (let at = place - 6; at <= place + 6; at++) {
    const frame = camera.frames.get(at);
    if (!frame) continue;
    const away = Math.abs(frame.ptsUs - picture.ptsUs);
    if (away <= WITHIN_MS * 1000 && (!best || away < Math.abs(best.ptsUs - picture.ptsUs))) best = frame;
  }
  return best;
}

/** The newest moment whose faces are known. */
export function liveMoment(camera: CameraHistory): Moment {
  const { frames, pictures } = camera;
  const newestFrame = frames.newest ?? null;
  const newestPicture = pictures.newest ?? null;
  if (!newestPicture) return { picture: null, frame: newestFrame };
  if (!newestFrame) return { picture: newestPicture, frame: null };
  if (newestPicture.ptsUs - newestFrame.ptsUs > LEAD_MS * 1000) return { picture: newestPicture, frame: null };
  let nearest: Moment | null = null;
  for (let at = pictures.length - 1; at >= 0; at--) {
    const picture = pictures.get(at)!;
    if (newestPicture.atMs - picture.atMs > PREFER_MS) break;
    if (picture.ptsUs > newestFrame.ptsUs) continue;
    const frame = frameFor(camera, picture);
    if (frame?.ptsUs === picture.ptsUs) return { picture, frame };
    nearest ??= { picture, frame };
  }
  return nearest ?? { picture: newestPicture, frame: frameFor(camera, newestPicture) };
}

/** The moment in memory at a time of the server's clock: the last picture up to it, with its own frame. */
export function momentAt(camera: CameraHistory, atMs: number): Moment {
  const picture = camera.pictures.at(atMs) ?? null;
  const frame = camera.frames.at(atMs) ?? null;
  if (picture && atMs - picture.atMs <= 1500) return { picture, frame: frameFor(camera, picture) };
  return { picture: null, frame: frame && atMs - frame.atMs <= 1500 ? frame : null };
}
