import { h, setAttribute, setText } from '../dom.js';
import { call } from '../rest.js';
import type { View } from '../view.js';
import { startWebcam, type Webcam } from '../webcam.js';

/** Reads this computer's camera: adds a camera of type push, feeds it, and takes it away again. */
export function createWebcamButton(options: {
  readonly push: (source: string, jpeg: Uint8Array) => boolean;
  readonly announce: (text: string) => void;
}): { readonly root: HTMLElement; readonly button: HTMLButtonElement; update(view: View): void } {
  let webcam: Webcam | null = null;
  let source: string | null = null;
  let added = false;
  /** Its camera was among the server's. */
  let seen = false;
  let view: View | undefined;

  const problem = h('p', { className: 'problem', attributes: { role: 'alert' } });
  const explained = h('p');
  const startButton = h('button', { className: 'primary', text: 'Start', attributes: { type: 'button' } });
  const root = h('dialog', {
    attributes: { 'aria-labelledby': 'webcam-title' },
    children: [
      h('h2', { text: 'This computer’s webcam', attributes: { id: 'webcam-title' } }),
      explained,
      h('p', {
        className: 'sub',
        text: 'Tell everyone in its view first. Nothing is recorded by this page or the server.',
      }),
      problem,
      h('form', {
        className: 'dialog-buttons end',
        attributes: { method: 'dialog' },
        children: [h('button', { text: 'Cancel' }), startButton],
      }),
    ],
  });
  const button = h('button', { text: 'Use webcam', attributes: { type: 'button', id: 'webcam' } });
  button.addEventListener('click', () => {
    if (webcam) {
      stop();
      return;
    }
    problem.hidden = true;
    const target = choose();
    setText(
      explained,
      target === null
        ? 'Your token may not add a camera, and there is none that takes pictures from a browser. Ask for one.'
        : target === ''
          ? 'Its pictures are sent to the server, read there, and shown in a tile of their own until you stop.'
          : `Its pictures are sent to the camera “${view?.state.cameras.get(target)?.name ?? target}” until you stop.`,
    );
    startButton.disabled = target === null;
    root.showModal();
  });
  startButton.addEventListener('click', () => {
    startButton.disabled = true;
    start()
      .then(() => root.close())
      .catch((error: unknown) => {
        setText(problem, `The webcam could not be used: ${error instanceof Error ? error.message : 'unknown reason'}.`);
        problem.hidden = false;
      })
      .finally(() => {
        startButton.disabled = false;
      });
  });

  /** Id of a waiting camera of type push, '' to add one, null when neither may be. */
  function choose(): string | null {
    const scopes = view?.state.server?.scopes ?? [];
    if (!scopes.includes('push')) return null;
    if (scopes.includes('admin')) return '';
    const cameras = [...(view?.state.cameras.values() ?? [])];
    return cameras.find(({ inputType, status }) => inputType === 'push' && status !== 'running')?.id ?? null;
  }

  async function start(): Promise<void> {
    const target = choose();
    if (target === null) return;
    // The person is asked first: no camera is added for one who says no.
    const id = target || `browser-${Math.random().toString(36).slice(2, 6)}`;
    let ready = false;
    const started = await startWebcam({
      push: (jpeg) => ready && options.push(id, jpeg),
      ended: stop,
    });
    try {
      added = target === '';
      const body = { id, name: 'Browser webcam', input: { type: 'push' }, maxSidePx: 640 };
      if (added) await call('POST', 'sources', body);
    } catch (error) {
      started.stop();
      throw error;
    }
    ready = true;
    source = id;
    seen = false;
    webcam = started;
    show();
    options.announce('The webcam is being read.');
  }

  function stop(): void {
    webcam?.stop();
    webcam = null;
    const gone = added ? source : null;
    source = null;
    show();
    options.announce('The webcam is off.');
    // The server may be away: then the camera stays there, without pictures, until it is removed.
    if (gone !== null) call('DELETE', `sources/${gone}`).catch(() => undefined);
  }

  addEventListener('pagehide', () => {
    if (webcam) stop();
  });

  function show(): void {
    setText(button, webcam ? 'Stop webcam' : 'Use webcam');
    setAttribute(button, 'data-on', webcam ? 'true' : null);
  }

  return {
    root,
    button,
    update(now) {
      view = now;
      if (webcam === null || source === null) return;
      const there = now.state.cameras.has(source);
      // Removed by somebody, or another run of the server: there is nobody to send to.
      if (seen && !there) {
        added = false;
        stop();
      }
      seen ||= there;
    },
  };
}
