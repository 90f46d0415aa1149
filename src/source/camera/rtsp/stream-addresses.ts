import { authorityOf, type CameraAddress } from '../../../domain/camera-address.js';

/** The address in requests to a camera: without user and password, with its port, as ffmpeg writes it. */
export function requestAddress(camera: CameraAddress): string {
  return `${camera.scheme}://${authorityOf(camera, 'always')}${camera.target}`;
}

/**
 * The player's names for the camera's addresses. The player knows only ours, "rtsp://127.0.0.1:1234/camera" and
 * "…/track/0", which tell nothing of the camera; whatever else it asks for has no meaning.
 */
export class StreamAddresses {
  readonly #own: string;
  #base: string;
  readonly #tracks: string[] = [];

  /** @param own - our address, "rtsp://127.0.0.1:1234" */
  constructor(own: string, camera: CameraAddress) {
    this.#own = own;
    this.#base = requestAddress(camera);
  }

  /** Where the player begins. */
  get start(): string {
    return `${this.#own}/camera`;
  }

  /** The camera's address for one of ours; null for anything else. */
  toCamera(uri: string): string | null {
    if (uri === this.start) return this.#base;
    const track = /\/track\/(\d{1,4})$/.exec(uri);
    return track && uri === this.#track(Number(track[1])) ? (this.#tracks[Number(track[1])] ?? null) : null;
  }

  /**
   * Takes up a description (SDP) and gives it back with our addresses. Relative ones are resolved as ffmpeg does it, which
   * is what cameras are made for: put behind the base, with a '/' between.
   *
   * @param contentBase - of the answer's header, or null
   */
  describe(sdp: string, contentBase: string | null): string {
    if (contentBase !== null && ABSOLUTE.test(contentBase)) this.#base = contentBase;
    this.#tracks.length = 0;
    let inMedia = false;
    return sdp.replace(/^(?:m=.*|a=control:(.*?))(?=\r?$)/gm, (line, control: string | undefined) => {
      if (control === undefined) {
        inMedia = true;
        return line;
      }
      const written = control.trim();
      if (!inMedia) {
        if (ABSOLUTE.test(written)) this.#base = written;
        return `a=control:${this.start}`;
      }
      this.#tracks.push(this.#resolve(written));
      return `a=control:${this.#track(this.#tracks.length - 1)}`;
    });
  }

  /** RTP-Info with our addresses; entries of other tracks are left out. */
  rtpInfo(value: string): string {
    const entries = value.split(/,(?=\s*url=)/i).flatMap((entry) => {
      const url = /url="?([^;"]*)"?/i.exec(entry)?.[1]?.trim() ?? '';
      const track = this.#tracks.indexOf(this.#resolve(url));
      return track < 0 ? [] : [entry.trim().replace(/url="?[^;"]*"?/i, () => `url=${this.#track(track)}`)];
    });
    return entries.join(',');
  }

  #track(index: number): string {
    return `${this.#own}/track/${index}`;
  }

  #resolve(control: string): string {
    if (ABSOLUTE.test(control)) return control;
    if (control === '*' || control === '') return this.#base;
    return this.#base.endsWith('/') ? `${this.#base}${control}` : `${this.#base}/${control}`;
  }
}

const ABSOLUTE = /^rtsps?:\/\/[^\s]+$/i;

/**
 * The Transport header of an answer (RFC 2326, 12.39) with the camera's checked IP address as the source: ffmpeg sends its
 * reports over UDP there, wherever the camera would have them sent.
 */
export function transportFrom(ip: string, value: string): string {
  const kept = value.split(';').filter((part) => !/^\s*(source|destination)\s*(=|$)/i.test(part));
  return /\/TCP\b/i.test(kept[0] ?? '') ? kept.join(';') : [...kept, `source=${ip}`].join(';');
}
