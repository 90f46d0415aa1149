import type { Choices } from './choices.js';
import type { History } from './model/history.js';
import { keepEvidence } from './model/insights.js';
import { personKey } from './model/people.js';
import { dismissNotice } from './model/reduce.js';
import type { DashboardState } from './model/state.js';
import { settle, shownMs } from './model/view-clock.js';
import { keep } from './preferences.js';
import type { Wall } from './ui/wall.js';
import type { WallMode } from './ui/wall-mode.js';
import type { Actions } from './view.js';

/** What the page's controls do, on the page's state, choices and parts. */
export function createActions(page: {
  readonly choices: Choices;
  readonly history: History;
  readonly parts: () => {
    readonly wall: Wall;
    readonly wallMode: WallMode;
    readonly log: { readonly root: HTMLElement };
  };
  readonly change: (how: (before: DashboardState) => DashboardState) => void;
  /** Asks the server for what is wanted now. */
  readonly want: () => void;
  /** Shows it with the next refresh. */
  readonly hurry: () => void;
  readonly announce: (text: string) => void;
  readonly drawAreas: Actions['drawAreas'];
  readonly changeCamera: Actions['changeCamera'];
}): Actions {
  const { choices, history, parts, change, want, hurry, announce, drawAreas, changeCamera } = page;
  const actions: Actions = {
    select: (key) => {
      choices.selected = key;
      choices.byHand = true;
      hurry();
    },
    hold: (atMs) => {
      const before = choices.clock.mode;
      const clock = atMs === null ? ({ mode: 'live' } as const) : ({ mode: 'held', atMs } as const);
      choices.clock = settle(clock, { span: history.span(), now: performance.now() });
      if (before === 'live' && atMs !== null) announce('Paused.');
      if (before !== 'live' && atMs === null) announce('Live.');
      hurry();
    },
    play: () => {
      const now = performance.now();
      const fromMs = shownMs(choices.clock, now);
      if (fromMs !== null) choices.clock = { mode: 'playing', fromMs, startedAt: now };
      hurry();
    },
    setBlur: (on) => {
      choices.blur = on;
      keep('blur', String(on));
      change((before) => keepEvidence(before, !on));
      // What was seen unblurred is not kept.
      if (on) {
        history.forgetPictures();
        parts().wall.forgetPictures();
      }
      want();
      announce(on ? 'Faces are blurred in the pictures.' : 'Faces are shown in the pictures.');
    },
    setLandmarks: (choice) => {
      choices.landmarks = choice;
      keep('landmarks', choice);
      want();
    },
    dismissNotice: (code) => {
      change((before) => dismissNotice(before, code));
      hurry();
    },
    announce,
    drawAreas,
    changeCamera,
    show: ({ source, track, atMs }) => {
      const { wall, wallMode } = parts();
      if (track !== null) actions.select(personKey(source, track));
      const span = history.span();
      actions.hold(atMs !== null && span !== null && atMs >= span.fromMs ? atMs : null);
      if (wallMode.view !== null) wallMode.show({ only: source });
      wall.lead(source);
    },
    showLog: () => {
      const { log, wallMode } = parts();
      wallMode.show(null);
      log.root.scrollIntoView();
    },
    showWall: (wall) => parts().wallMode.show(wall, true),
  };
  return actions;
}
