import type { Choices } from './choices.js';
import { refusal } from './model/rights.js';
import type { DashboardState } from './model/state.js';
import { createAreaEditor } from './ui/area-editor.js';
import { CameraDialog } from './ui/camera-dialog.js';
import { createExport } from './ui/export.js';
import { createPast } from './ui/past.js';
import { createRules } from './ui/rules.js';
import { createTokenDialog } from './ui/token-dialog.js';
import { createWebcamButton } from './ui/webcam-button.js';
import type { Actions, View } from './view.js';

/** Everything of the page that opens over it. */
export function createDialogs(page: {
  readonly actions: Actions;
  readonly choices: Choices;
  readonly state: () => DashboardState;
  readonly view: () => View | undefined;
  readonly filter: Parameters<typeof createExport>[0]['filter'];
  readonly push: (source: string, jpeg: Uint8Array) => boolean;
  /** Null: logs out. */
  readonly logIn: (token: string | null) => void;
}) {
  const { actions, choices, state, view, filter, push, logIn } = page;
  const { announce } = actions;
  const nameOf = (source: string): string => state().cameras.get(source)?.name ?? source;
  const blur = (): boolean => choices.blur;
  const dialogs = {
    token: createTokenDialog({ give: logIn, nameOf }),
    exported: createExport({ view, filter }),
    webcam: createWebcamButton({ push, announce }),
    areas: createAreaEditor({ announce, blur }),
    cameras: new CameraDialog({ announce, blur, state }),
    rules: createRules(actions),
    past: createPast({ nameOf, reason: () => refusal(state().server, 'admin') }),
  };
  return { ...dialogs, roots: Object.values(dialogs).map(({ root }) => root) };
}
