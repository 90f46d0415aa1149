import { clockText } from '../../../../src/view/clock-words.js';
import { h } from '../../../shared/element.js';
import type { Player } from '../actions.js';
import { makeCopy } from '../api.js';
import type { Store } from '../state.js';

const LATER_S = 0.0005;

/** The video, and what steers it. `tick` is called with the time whenever it moves. */
export function createVideoPane(
  store: Store,
  tick: (us: number) => void,
): { readonly root: HTMLElement; readonly player: Player } {
  const { video } = store.state;
  const film = h('video', { attributes: { controls: '', preload: 'auto', playsinline: '', tabindex: '-1' } });
  const clock = h('output', { className: 'clock', attributes: { id: 'clock' }, text: clockText(0) });
  const root = h('section', {
    className: 'video card',
    attributes: { 'aria-label': 'Video' },
    children: [film, clock],
  });
  let until = Number.POSITIVE_INFINITY;
  /** Where it was last told to go. A frame is looked for a little later than its time, so that rounding never shows the one before. */
  let sought = 0;
  const now = (): number => (Math.abs(film.currentTime - sought / 1e6) < 2 * LATER_S ? sought : film.currentTime * 1e6);
  const moved = (): void => {
    if (now() >= until) {
      film.pause();
      until = Number.POSITIVE_INFINITY;
    }
    clock.textContent = clockText(film.currentTime);
    tick(now());
  };
  const follow = (): void => {
    moved();
    if (!film.paused) requestAnimationFrame(follow);
  };
  film.addEventListener('play', follow);
  for (const event of ['seeked', 'timeupdate', 'pause', 'loadedmetadata']) film.addEventListener(event, moved);
  const load = (): void => {
    film.src = `api/videos/${video.index}/video`;
  };
  if (video.unplayable === null) load();
  else offerCopy();

  function offerCopy(): void {
    film.hidden = true;
    const words = h('p', { text: `${video.unplayable}.` });
    const make = h('button', { text: 'Make a copy that plays', attributes: { type: 'button' } });
    const note = h('div', {
      className: 'unplayable',
      children: [words, /--video/.test(video.unplayable!) ? null : make],
    });
    make.addEventListener('click', async () => {
      make.disabled = true;
      words.textContent = 'Making a copy for this review; it is removed at the end …';
      try {
        await makeCopy(video.index);
        note.remove();
        film.hidden = false;
        load();
      } catch (error) {
        make.disabled = false;
        words.textContent = error instanceof Error ? error.message : String(error);
      }
    });
    root.prepend(note);
  }

  const seek = (us: number): void => {
    until = Number.POSITIVE_INFINITY;
    sought = Math.max(0, Math.min(us, video.durationSeconds * 1e6));
    film.currentTime = sought / 1e6 + LATER_S;
    tick(sought);
  };
  return {
    root,
    player: {
      now,
      seek,
      toggle: () => void (film.paused ? film.play() : film.pause()),
      play: (fromUs, toUs) => {
        seek(fromUs);
        until = toUs;
        void film.play();
      },
    },
  };
}
