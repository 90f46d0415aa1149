import { h, setAttribute, setText } from '../dom.js';
import { drawOverlay } from '../draw/overlay.js';
import { surfaceOf, unwatchSize, watchSize } from '../draw/surface.js';
import { boxOf, type Frame, type Picture } from '../model/history.js';
import { frameFor, liveMoment, momentAt } from '../model/moment.js';
import { labelOf, personKey } from '../model/people.js';
import { refusal } from '../model/rights.js';
import type { CameraState } from '../model/wire.js';
import type { Actions, View } from '../view.js';
import { behindNow, countText, millisText, outageOf, pacesText, statusNow } from '../words.js';

/** Live pictures older than this are dimmed: they are no longer true. While analysis is behind, words say how old they are. */
const STALE_MS = 3000;

/** What a tile shows at the moment: faces are cut from it for the list of people. */
export interface Shown {
  readonly bitmap: ImageBitmap | null;
  readonly frame: Frame | null;
}

/** One camera: picture with overlay, name, state and numbers. */
export class Tile {
  readonly root: HTMLElement;
  readonly source: string;
  readonly #canvas = h('canvas', { className: 'picture', attributes: { role: 'img' } });
  readonly #trouble = h('p', { className: 'trouble' });
  readonly #name = h('h3');
  readonly #status = h('span', { className: 'status' });
  readonly #faces = h('span');
  readonly #rates = h('span', { className: 'rates' });
  readonly #enlarge: HTMLButtonElement;
  readonly #areas: HTMLButtonElement;
  readonly #settings: HTMLButtonElement;
  readonly #full: HTMLButtonElement;
  /** It fills the window alone. */
  #alone = false;
  #bitmap: ImageBitmap | null = null;
  #picture: Picture | null = null;
  #frame: Frame | null = null;
  /** No picture belongs to the moment shown. */
  #bare = true;
  #decoding = false;
  /** Rises when pictures are forgotten: one that is being decoded then is not shown. */
  #generation = 0;
  #drawn = '';
  #placed = { left: 0, top: 0, scale: 1 };

  constructor(source: string, actions: Actions) {
    this.source = source;
    this.#enlarge = h('button', {
      className: 'quiet enlarge',
      attributes: { type: 'button', 'aria-pressed': 'false' },
      text: 'Enlarge',
      onClick: () => {
        const large = this.root.classList.toggle('large');
        this.#enlarge.setAttribute('aria-pressed', String(large));
      },
    });
    this.#areas = h('button', {
      className: 'quiet areas',
      attributes: { type: 'button', 'aria-haspopup': 'dialog' },
      text: 'Zones',
      onClick: () => actions.drawAreas({ id: source, name: this.#name.textContent ?? source }),
    });
    this.#settings = h('button', {
      className: 'quiet areas',
      attributes: { type: 'button', 'aria-haspopup': 'dialog' },
      text: 'Edit',
      onClick: () => actions.changeCamera({ id: source, name: this.#name.textContent ?? source }),
    });
    const fill = (): void => actions.showWall({ only: this.#alone ? null : source });
    this.#full = h('button', {
      className: 'quiet full',
      attributes: { type: 'button', 'aria-keyshortcuts': 'F' },
      children: [h('span', { className: 'corners', attributes: { 'aria-hidden': 'true' } })],
      onClick: fill,
    });
    this.#canvas.addEventListener('dblclick', fill);
    this.root = h('li', {
      className: 'tile',
      attributes: { 'data-source': source },
      children: [
        h('div', { className: 'screen', children: [this.#canvas, this.#trouble] }),
        h('div', {
          className: 'caption',
          children: [
            h('div', { className: 'line', children: [this.#name, this.#status, this.#full] }),
            h('div', {
              className: 'line second',
              children: [
                h('span', { className: 'numbers', children: [this.#faces, this.#rates] }),
                this.#areas,
                this.#settings,
                this.#enlarge,
              ],
            }),
          ],
        }),
      ],
    });
    this.#canvas.addEventListener('click', (event) => {
      const track = this.#trackAt(event.offsetX, event.offsetY);
      if (track !== null) actions.select(personKey(source, track));
    });
    watchSize(this.#canvas, () => {
      this.#drawn = '';
    });
  }

  /** Brings it into sight, and to the keyboard. */
  lead(): void {
    this.root.scrollIntoView({ block: 'nearest' });
    this.#full.focus({ preventScroll: true });
  }

  get shown(): Shown {
    return { bitmap: this.#bitmap, frame: this.#frame };
  }

  close(): void {
    unwatchSize(this.#canvas);
    this.#generation += 1;
    this.#bitmap?.close();
    this.#bitmap = null;
  }

  /** Texts; a few times a second. */
  update(camera: CameraState, view: View): void {
    const { state, nowMs, atMs } = view;
    setText(this.#name, camera.name);
    const connected = view.connection.status === 'open';
    const status = statusNow(camera, connected);
    setText(this.#status, status.text);
    setAttribute(this.root, 'data-status', status.name);
    setAttribute(this.#enlarge, 'aria-label', `Enlarge ${camera.name}`);
    setAttribute(this.#areas, 'aria-label', `Masks and zones of ${camera.name}`);
    setAttribute(this.#settings, 'aria-label', `Edit ${camera.name}`);
    const reason = refusal(state.server, 'admin');
    for (const button of [this.#areas, this.#settings]) {
      button.disabled = reason !== null;
      button.title = reason ?? '';
    }
    this.#alone = view.wall?.only === camera.id;
    const full = this.#alone ? 'All cameras' : `Full screen: ${camera.name}`;
    setAttribute(this.#full, 'aria-label', full);
    setAttribute(this.#full, 'title', `${full} (F)`);
    this.root.hidden = view.wall !== null && view.wall.only !== null && !this.#alone;
    const stats = state.cameraStats.get(camera.id);
    const people = view.people.filter(({ source }) => source === camera.id);
    setText(this.#faces, countText(people.length, 'face'));
    const known = stats && connected && camera.status === 'running';
    setText(this.#rates, known ? ` · ${pacesText(stats)} · ${millisText(stats.latencyMs?.p95)}` : '');
    const nothing = this.#bare && !this.#frame ? 'No picture in memory of this moment.' : '';
    const trouble = atMs !== null ? nothing : connected ? outageOf(camera, nowMs) : 'The server is away.';
    setText(this.#trouble, trouble);
    this.#trouble.hidden = trouble === '';
    const described = people.map(({ track, face }) => {
      const held = view.emotions ? labelOf(face) : null;
      return held ? `face ${track} ${held.label}` : `face ${track}`;
    });
    setAttribute(
      this.#canvas,
      'aria-label',
      `Picture of ${camera.name}: ${described.length > 0 ? described.join(', ') : 'no face'}`,
    );
  }

  /** Draws what the moment needs, once per change. */
  draw(view: View): void {
    const camera = view.history.cameras.get(this.source);
    const moment = camera && (view.atMs === null ? liveMoment(camera) : momentAt(camera, view.atMs));
    if (camera && moment?.picture && moment.picture !== this.#picture) this.#decode(moment.picture);
    // The picture on screen keeps its own frame, also one that came after it.
    const own = camera && this.#bitmap && this.#picture ? frameFor(camera, this.#picture) : null;
    const bare = !this.#bitmap || (view.atMs !== null && !moment?.picture);
    this.#bare = bare;
    this.#frame = bare ? (moment?.frame ?? null) : own;
    const newest = camera?.pictures.newest?.atMs ?? camera?.frames.newest?.atMs ?? null;
    const state = view.state.cameras.get(this.source);
    const late = view.connection.status === 'open' && state !== undefined && behindNow(state) !== '';
    const stale = view.atMs === null && newest !== null && view.nowMs - newest > STALE_MS && !late;
    this.root.classList.toggle('stale', stale);
    this.#paint(view, { bare, stale });
  }

  /** The picture is gone from memory (faces are blurred from now on). */
  forgetPicture(): void {
    this.#generation += 1;
    this.#bitmap?.close();
    this.#bitmap = null;
    this.#picture = null;
    this.#drawn = '';
  }

  #decode(picture: Picture): void {
    if (this.#decoding) return;
    this.#decoding = true;
    const generation = this.#generation;
    createImageBitmap(picture.picture as Blob)
      .then((bitmap) => {
        if (generation !== this.#generation) {
          bitmap.close();
          return;
        }
        this.#bitmap?.close();
        this.#bitmap = bitmap;
        this.#picture = picture;
      })
      // A broken picture is left out; the next one comes soon.
      .catch(() => undefined)
      .finally(() => {
        this.#decoding = false;
      });
  }

  #paint(view: View, { bare, stale }: { readonly bare: boolean; readonly stale: boolean }): void {
    const [source, track] = view.selected?.split('/') ?? [];
    const selectedTrack = source === this.source ? Number(track) : null;
    const picture = bare ? null : this.#picture;
    const state = `${picture?.ptsUs} ${this.#frame?.ptsUs} ${selectedTrack} ${stale} ${view.emotions}`;
    if (state === this.#drawn) return;
    const surface = surfaceOf(this.#canvas);
    if (!surface) return;
    this.#drawn = state;
    const { context, width, height } = surface;
    const bitmap = bare ? null : this.#bitmap;
    const frame = stale ? null : this.#frame;
    const of = bitmap ?? (frame ? { width: frame.widthPx, height: frame.heightPx } : null);
    if (!of) return;
    const fit = Math.min(width / of.width, height / of.height);
    const place = {
      left: (width - of.width * fit) / 2,
      top: (height - of.height * fit) / 2,
      width: of.width * fit,
      height: of.height * fit,
    };
    if (bitmap) context.drawImage(bitmap, place.left, place.top, place.width, place.height);
    if (!frame) return;
    const scale = place.width / frame.widthPx;
    this.#placed = { left: place.left, top: place.top, scale };
    drawOverlay(context, { frame, ...place, scale, emotions: view.emotions, units: view.units, selectedTrack });
  }

  #trackAt(x: number, y: number): number | null {
    const { left, top, scale } = this.#placed;
    const [px, py] = [(x - left) / scale, (y - top) / scale];
    const hit = this.#frame?.faces.find((face) => {
      const box = boxOf(face);
      return box && px >= box.left && px <= box.right && py >= box.top && py <= box.bottom;
    });
    return hit?.kept.track ?? null;
  }
}
