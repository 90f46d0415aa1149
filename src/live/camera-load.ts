import type { CameraActivity } from './camera-activity.js';
import type { Ease } from './reduction.js';

/** Results older than this are late, … */
const LATE_MS = 100;
/** … or than this many frames of a camera that sends few; … */
const LATE_FRAMES = 2;
/** … with time to spare they come in this share of that. */
const SPARE = 0.7;
/** Share of a camera's frames that may be late, and number, without it being news. */
const LATE_SHARE = 0.05;
const LATE_COUNT = 2;
/** Seconds of a connection that are not judged: what a server had in store comes at once. */
const SETTLING = 2;

/** What one camera's frames come to, second by second. */
export class CameraLoad {
  #seconds = 0;
  #arrived = 0;
  #lost = 0;
  #faces = 0;
  #agesMs: number[] = [];

  take(activity: CameraActivity): void {
    switch (activity.type) {
      case 'arrived':
        this.#arrived += 1;
        break;
      case 'dropped':
        // What never came to be analysed was not told as arrived.
        if (activity.reason === 'no-buffer') this.#arrived += activity.count;
        if (activity.reason === 'no-buffer' || activity.reason === 'superseded') this.#lost += activity.count;
        break;
      case 'analysed':
        this.#agesMs.push(activity.at - activity.live.arrivedAt);
        this.#faces = activity.records.filter(({ box }) => box !== null).length;
        break;
      case 'ended':
        this.#seconds = 0;
        break;
      case 'silent':
        this.#faces = 0;
        break;
      case 'source':
      case 'decode-error':
        break;
    }
  }

  /** How the second that ends now went, and the faces that arrived in it; the next one begins. */
  endSecond(): { readonly ease: Ease; readonly faces: number } {
    const lateMs = Math.max(LATE_MS, (LATE_FRAMES * 1_000) / this.#arrived);
    const olderThan = (ms: number): number => this.#agesMs.filter((age) => age > ms).length;
    const frames = this.#agesMs.length + this.#lost;
    const isMuch = (count: number): boolean => count >= LATE_COUNT && count > LATE_SHARE * frames;
    const judged = this.#seconds >= SETTLING;
    const strained = judged && isMuch(this.#lost + olderThan(lateMs));
    // A camera that is not judged, or away, keeps nothing from being given back.
    const calm = !judged || (this.#lost === 0 && !isMuch(olderThan(SPARE * lateMs)));
    const faces = this.#arrived * this.#faces;
    if (this.#arrived > 0) this.#seconds += 1;
    this.#arrived = 0;
    this.#lost = 0;
    this.#agesMs = [];
    return { ease: strained ? 'strained' : calm ? 'calm' : 'between', faces };
  }
}
