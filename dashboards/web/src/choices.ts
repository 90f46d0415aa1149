import type { LandmarkChoice } from '../../../src/domain/face.js';
import type { ViewClock } from './model/view-clock.js';
import { remembered } from './preferences.js';

/** What somebody at this page has chosen to see. */
export class Choices {
  clock: ViewClock = { mode: 'live' };
  /** Key of the person whose panel is open. */
  selected: string | null = null;
  /** The person was chosen by hand: the page does not change it. */
  byHand = false;
  landmarks: LandmarkChoice = (remembered('landmarks') as LandmarkChoice | null) ?? '68';
  blur = remembered('blur') === 'true';
}
