import { h, setAttribute, setText } from '../dom.js';
import type { View } from '../view.js';
import { WebcamSession, type WebcamTarget, webcamTarget } from './webcam-session.js';

/** Reads this computer's camera, after a dialog that says what happens with its pictures. */
export function createWebcamButton(options: {
  readonly push: (source: string, jpeg: Uint8Array) => boolean;
  readonly announce: (text: string) => void;
}): { readonly root: HTMLElement; readonly button: HTMLButtonElement; update(view: View): void } {
  let view: View | undefined;
  const button = h('button', { text: 'Use webcam', attributes: { type: 'button', id: 'webcam' } });
  const session = new WebcamSession({
    push: options.push,
    changed: (running) => {
      setText(button, running ? 'Stop webcam' : 'Use webcam');
      setAttribute(button, 'data-on', running ? 'true' : null);
      options.announce(running ? 'The webcam is being read.' : 'The webcam is off.');
    },
  });
  const dialog = createDialog((target) => session.start(target));
  button.addEventListener('click', () => {
    if (session.running) session.stop();
    else dialog.open(webcamTarget(view), view);
  });
  addEventListener('pagehide', () => session.stop());
  return {
    root: dialog.root,
    button,
    update(now) {
      view = now;
      session.update(now);
    },
  };
}

function createDialog(start: (target: NonNullable<WebcamTarget>) => Promise<void>) {
  let target: WebcamTarget = null;
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
  startButton.addEventListener('click', () => {
    if (target === null) return;
    startButton.disabled = true;
    start(target)
      .then(() => root.close())
      .catch((error: unknown) => {
        setText(problem, `The webcam could not be used: ${error instanceof Error ? error.message : 'unknown reason'}.`);
        problem.hidden = false;
      })
      .finally(() => {
        startButton.disabled = false;
      });
  });
  return {
    root,
    open(now: WebcamTarget, view: View | undefined): void {
      target = now;
      problem.hidden = true;
      setText(explained, explain(target, view));
      startButton.disabled = target === null;
      root.showModal();
    },
  };
}

function explain(target: WebcamTarget, view: View | undefined): string {
  if (target === null)
    return 'Your token may not add a camera, and there is none that takes pictures from a browser. Ask for one.';
  if (target === 'new')
    return 'Its pictures are sent to the server, read there, and shown in a tile of their own until you stop.';
  return `Its pictures are sent to the camera “${view?.state.cameras.get(target.id)?.name ?? target.id}” until you stop.`;
}
