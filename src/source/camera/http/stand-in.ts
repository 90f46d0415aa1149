import { authorityOf, type CameraAddress } from '../../../domain/camera-address.js';

/** Where a request goes on to. `path` as sent to the server, query included. */
export interface Onward {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Asked of the camera itself, by scheme, host and port: it alone gets the login. */
  readonly ofCamera: boolean;
}

/** Stands for a step of the camera's path, which may hold a key. */
const STEP = '-mien-';

/**
 * Pure: an HTTP camera's address as ffmpeg may see it: with as many steps as the true one, so that relative addresses of a playlist
 * lead to the right place, with the same ending, by which ffmpeg knows playlists, but without user, password, path and query.
 * An https camera is http here: our side does the TLS, so that it can add the login.
 */
export class StandIn {
  readonly url: string;
  readonly #camera: CameraAddress;
  readonly #target: string;
  readonly #steps: readonly string[];
  readonly #path: string;

  constructor(camera: CameraAddress) {
    this.#camera = camera;
    const target = camera.target.replace(/#.*$/, '');
    this.#target = target.startsWith('/') ? target : `/${target}`;
    const path = this.#target.replace(/\?.*$/, '');
    this.#steps = path.split('/').slice(1, -1);
    const ending = /\.m3u8\b/i.test(target) ? '.m3u8' : (/\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? '');
    this.#path = `/${[...this.#steps, ''].map(() => STEP).join('/')}${ending}`;
    this.url = `http://${authorityOf(camera, 'always')}${this.#path}`;
  }

  /** Where a request of ffmpeg, by its absolute address, goes on to. */
  onward(asked: URL): Onward {
    const host = asked.hostname.replace(/^\[|\]$/g, '');
    const port = Number(asked.port || 80);
    const { scheme } = this.#camera;
    const ofCamera = host === this.#camera.host && port === this.#camera.port;
    const path = ofCamera ? this.#truePath(asked) : asked.pathname + asked.search;
    return { scheme: ofCamera && scheme === 'https' ? 'https' : 'http', host, port, path, ofCamera };
  }

  /** An address that the camera names, in a Location or a playlist: an https address of its own is asked through us too. */
  seenByPlayer(value: string): string {
    const { scheme, host, port } = this.#camera;
    const to = URL.canParse(value) ? new URL(value) : null;
    if (scheme !== 'https' || to?.protocol !== 'https:') return value;
    if (to.hostname.replace(/^\[|\]$/g, '') !== host || Number(to.port || 443) !== port) return value;
    return `http://${authorityOf(this.#camera, 'always')}${to.pathname}${to.search}`;
  }

  #truePath({ pathname, search }: URL): string {
    if (pathname === this.#path && search === '') return this.#target;
    const steps = pathname.split('/').slice(1);
    let hidden = 0;
    while (hidden < this.#steps.length && steps[hidden] === STEP) hidden++;
    return `/${[...this.#steps.slice(0, hidden), ...steps.slice(hidden)].join('/')}${search}`;
  }
}
