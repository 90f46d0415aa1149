import { h, setText } from '../dom.js';
import type { Settings } from '../model/camera-form.js';
import { type TestedCamera, testedWords } from '../model/camera-tested.js';
import { call } from '../rest.js';

/** Opens a camera as it stands in the form, and shows what came of it. */
export function createCameraTry(options: {
  /** What is to be tried; null: the form says what is wrong with it. */
  readonly body: () => Settings | null;
  readonly blur: () => boolean;
  /** Refused before it was opened. */
  readonly refused: (error: unknown) => void;
}): { readonly root: HTMLElement; readonly button: HTMLButtonElement; clear(): void } {
  let running: AbortController | null = null;
  const picture = h('img', { className: 'try-picture', attributes: { alt: 'Picture of the camera', hidden: '' } });
  const title = h('h3');
  const lines = h('ul', { className: 'try-lines' });
  const root = h('div', {
    className: 'camera-try',
    attributes: { role: 'status', hidden: '' },
    children: [picture, h('div', { children: [title, lines] })],
  });
  const button = h('button', { text: 'Test', attributes: { type: 'button' } });
  button.addEventListener('click', () => (running ? running.abort() : void test()));

  function show(works: boolean | null, text: string, more: readonly string[], jpeg: string | null): void {
    root.hidden = false;
    root.dataset.works = works === null ? 'unknown' : String(works);
    setText(title, text);
    lines.replaceChildren(...more.map((line) => h('li', { text: line })));
    picture.hidden = jpeg === null;
    if (jpeg === null) picture.removeAttribute('src');
    else picture.src = `data:image/jpeg;base64,${jpeg}`;
    root.scrollIntoView({ block: 'nearest' });
  }
  async function test(): Promise<void> {
    const body = options.body();
    if (body === null) return clear();
    const mine = new AbortController();
    running = mine;
    setText(button, 'Stop test');
    show(
      null,
      'Opening it …',
      ['It is watched for three seconds; one that does not answer takes up to fifteen.'],
      null,
    );
    try {
      const path = `source-test?blur=${options.blur() ? 1 : 0}`;
      const tested = (await call('POST', path, body, mine.signal)) as TestedCamera;
      const { works, title: text, lines: more } = testedWords(tested);
      show(works, text, more, tested.jpeg);
    } catch (error) {
      if (mine.signal.aborted) return;
      clear();
      options.refused(error);
    } finally {
      if (running === mine) stopped();
    }
  }
  function stopped(): void {
    running = null;
    setText(button, 'Test');
  }
  function clear(): void {
    running?.abort();
    stopped();
    root.hidden = true;
    picture.removeAttribute('src');
  }
  return { root, button, clear };
}
