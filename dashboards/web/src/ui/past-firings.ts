import type { KeptDay } from '../../../../src/domain/keeping.js';
import { h } from '../dom.js';
import { loadPicture } from '../kept.js';
import { type PastFiring, timeIn } from '../model/past-day.js';
import { countText, lengthText } from '../words.js';

/** Firings shown at most; a day may have thousands. */
const MOST = 200;

/** What rules fired on in a day, newest first, each with its picture. */
export function createPastFirings(): {
  readonly root: HTMLElement;
  show(of: { readonly source: string; readonly day: KeptDay; readonly firings: readonly PastFiring[] }): void;
  /** Gives pictures back. */
  clear(): void;
} {
  const list = h('ul', { className: 'past-firings' });
  const status = h('p', { className: 'sub' });
  let urls: string[] = [];
  let generation = 0;
  const clear = (): void => {
    generation++;
    for (const url of urls) URL.revokeObjectURL(url);
    urls = [];
    list.replaceChildren();
  };
  /** Puts a picture into a place once it is there; one that has gone meanwhile is said so. */
  const put = async (load: Promise<string>, place: HTMLElement, make: (url: string) => HTMLElement): Promise<void> => {
    const of = generation;
    try {
      const url = await load;
      if (of !== generation) return URL.revokeObjectURL(url);
      urls.push(url);
      place.replaceChildren(make(url));
    } catch (error) {
      place.replaceChildren(h('span', { className: 'sub', text: (error as Error).message }));
    }
  };
  return {
    root: h('div', { children: [status, list] }),
    clear,
    show({ source, day, firings }) {
      clear();
      const more = firings.length > MOST ? `, the newest ${MOST} shown` : '';
      status.textContent =
        firings.length === 0
          ? 'No rule fired that day, or firings are not kept.'
          : `${countText(firings.length, 'firing')}${more}`;
      list.append(...firings.slice(0, MOST).map((firing) => row({ source, day, firing, put })));
    },
  };
}

function row(of: {
  readonly source: string;
  readonly day: KeptDay;
  readonly firing: PastFiring;
  readonly put: (load: Promise<string>, place: HTMLElement, make: (url: string) => HTMLElement) => Promise<void>;
}): HTMLElement {
  const { source, day, firing, put } = of;
  const { rule, atMs, endMs, track, zone, snapshot, clip } = firing;
  const time = timeIn(day, atMs);
  const words = [
    endMs === null ? '' : lengthText((endMs - atMs) / 1000),
    track === null ? '' : `face ${track}`,
    zone === null ? '' : `in ${zone}`,
  ].filter(Boolean);
  const picture = h('div', { className: 'past-picture' });
  const alt = `${rule} at ${time}`;
  if (snapshot !== null) {
    void put(loadPicture('snapshot', source, snapshot), picture, (url) => h('img', { attributes: { src: url, alt } }));
  }
  const play = h('button', {
    className: 'quiet',
    text: 'Play clip',
    attributes: { type: 'button', 'aria-label': `Play the clip of ${alt}` },
    onClick: () => {
      if (clip === null) return;
      void put(loadPicture('clip', source, clip), picture, (url) => {
        const video = h('video', { attributes: { src: url, controls: '', autoplay: '', 'aria-label': alt } });
        video.muted = true;
        return video;
      });
    },
  });
  return h('li', {
    children: [
      picture,
      h('div', {
        className: 'past-words',
        children: [
          h('b', { text: rule }),
          h('span', { className: 'sub', text: [time, ...words].join(', ') }),
          clip === null ? null : play,
        ],
      }),
    ],
  });
}
