import type { ConnectionStatus } from '../../../src/client/types.js';
import type { LandmarkChoice } from '../../../src/domain/face.js';
import type { Colours } from './draw/colours.js';
import type { History } from './model/history.js';
import type { Person } from './model/people.js';
import type { DashboardState } from './model/state.js';
import type { ViewClock } from './model/view-clock.js';

/** Everything a part of the page needs to show a moment; made anew for each. */
export interface View {
  readonly state: DashboardState;
  readonly history: History;
  readonly clock: ViewClock;
  /** Moment shown, server clock; null while live. */
  readonly atMs: number | null;
  /** Now, server clock. */
  readonly nowMs: number;
  readonly people: readonly Person[];
  /** Key of the person whose panel is open. */
  readonly selected: string | null;
  readonly colours: Colours;
  /** False in AU-only mode: nothing of emotions is shown. */
  readonly emotions: boolean;
  readonly units: readonly string[];
  readonly connection: ConnectionStatus;
  /** Pictures fill the window; null: the page is as usual. */
  readonly wall: WallView | null;
}

/** Pictures that fill the window: of all cameras, or of one. */
export interface WallView {
  readonly only: string | null;
}

/** What the page's controls can do. */
export interface Actions {
  select(key: string): void;
  /** Shows a moment in memory; null is live. */
  hold(atMs: number | null): void;
  play(): void;
  setBlur(on: boolean): void;
  setLandmarks(choice: LandmarkChoice): void;
  dismissNotice(code: string): void;
  announce(text: string): void;
  /** Leads to a camera, and to a face and a moment of it where there are. */
  show(at: { readonly source: string; readonly track: number | null; readonly atMs: number | null }): void;
  /** Leads to the system log. */
  showLog(): void;
  /** Fills the window, and the screen where the browser lets it; null is the page as usual. */
  showWall(wall: WallView | null): void;
  /** Masks and zones of a camera. */
  drawAreas(camera: { readonly id: string; readonly name: string }): void;
  /** Settings of a camera. */
  changeCamera(camera: { readonly id: string; readonly name: string }): void;
}

/** A part of the page. */
export interface Part {
  readonly root: HTMLElement;
  update(view: View): void;
}
