import { micros } from '../../domain/units.js';
import type { ColourPlan } from '../colour-plan.js';
import { HardwareLog } from '../hardware-log.js';
import { withoutAddresses } from '../plain-words.js';
import { StderrReader } from '../stderr-reader.js';
import type { PictureMark } from './damage.js';
import { loggedColours } from './logged-colours.js';

/** What ffmpeg's log says about why it could not go on. */
export type LogVerdict = 'unreachable' | 'unauthorised' | 'not-found' | 'unusable' | 'undecodable';

/** First match wins within a line; an earlier entry of the table outranks what other lines said. */
const VERDICTS: readonly (readonly [LogVerdict, RegExp])[] = [
  ['unauthorised', /\b40[13]\b|unauthorized|forbidden|authorization failed/i],
  ['not-found', /\b404\b|server returned 404|stream not found/i],
  [
    'unusable',
    /unrecognized option|option not found|error parsing option|unknown input format|protocol not found|not on whitelist|not a video capture device|inappropriate ioctl|cannot find a proper format|error splitting the argument|no decoder found|decoder \(codec .*\) not found|unknown decoder/i,
  ],
  [
    'unreachable',
    /connection refused|no route to host|network is unreachable|failed to resolve|name or service not known|temporary failure in name|connection timed out|operation timed out|host is (down|unreachable)|server returned 5|failed: 5\d\d|\b50[0-9] |device or resource busy|i\/o error|input\/output error|connection reset/i,
  ],
  ['undecodable', /invalid data found|could not find codec parameters|does not contain any stream|matches no streams/i],
];

const SCALED = /^\[scale@mien @ [^\]]*\] \[verbose\].*-> w:(\d+) h:(\d+)/;
const PICTURE = /^\[showinfo@mien @ [^\]]*\] \[info\] (?:n: *\d+ pts: *(\d+) .*iskey:([01]) type:(\w))?/;
/**
 * Said of a picture before its own line. Of H.264, with ffmpeg 5.1 and 9.0, "corrupt decoded frame" names exactly the
 * pictures that had errors; other decoders and the network layer are less exact.
 */
const COMPLAINT =
  /corrupt decoded frame|\] concealing \d+ DC|error while decoding MB|could not find ref with POC|error while decoding stream|error submitting packet to decoder|RTP: missed \d+ packets/i;
const OFFER = /^(?:\[.*\] )?m=(\w+) \d+ /;
const NO_STREAM = /stream map .* matches no streams/i;
const CODEC = /Stream #0:\d+.*: Video: (\w+)/;

interface LiveLogOptions {
  readonly redact: (text: string) => string;
  readonly onResize: () => void;
  /** Each picture, before its bytes. */
  readonly onPicture: (mark: PictureMark) => void;
}

/**
 * Reads ffmpeg's log (`-loglevel repeat+level+verbose`) of a live run: the codec, the size of the output, each picture,
 * and what went wrong. Keeps only counts and the last redacted line of each sort.
 */
export class LiveLog {
  readonly #options: LiveLogOptions;
  readonly hardware = new HardwareLog();
  readonly #stderr = new StderrReader();
  #codec: string | null = null;
  #colour: ColourPlan | null = null;
  #size: string | undefined;
  #verdict: { readonly rank: number; readonly line: string } | undefined;
  #inputOver = false;
  #pictures = 0;
  #complaint = false;
  /** Sorts of media that an RTSP camera offers ("video", "audio", "application"), as its SDP is logged. */
  readonly #offered = new Set<string>();
  #nothingToPlay = false;

  constructor(options: LiveLogOptions) {
    this.#options = options;
  }

  add(line: string): void {
    const picture = PICTURE.exec(line);
    if (picture) {
      const [, ptsUs, key, type] = picture;
      if (ptsUs !== undefined) this.#picture({ ptsUs: micros(Number(ptsUs)), key: key === '1' && type === 'I' });
      return;
    }
    if (this.hardware.add(line)) return;
    if (COMPLAINT.test(line)) this.#complaint = true;
    const offered = OFFER.exec(line)?.[1];
    if (offered !== undefined) this.#offered.add(offered);
    if (NO_STREAM.test(line)) this.#nothingToPlay = true;
    const scaled = SCALED.exec(line);
    if (scaled) {
      const size = `${scaled[1]}x${scaled[2]}`;
      if (this.#size !== undefined && this.#size !== size) this.#options.onResize();
      this.#size = size;
      return;
    }
    // Of the output's description, which follows, the codec would be rawvideo.
    if (/Stream mapping:|Output #0/.test(line)) this.#inputOver = true;
    if (!this.#inputOver) {
      this.#codec ??= CODEC.exec(line)?.[1] ?? null;
      this.#colour ??= loggedColours(line);
    }
    const problem = /\[(?:warning|error|fatal|panic)\] (.*)$/.exec(line)?.[1];
    if (problem === undefined) return;
    const safe = this.#options.redact(line);
    this.#stderr.add(safe);
    const rank = VERDICTS.findIndex(([, pattern]) => pattern.test(withoutAddresses(problem)));
    if (rank >= 0 && rank <= (this.#verdict?.rank ?? rank)) this.#verdict = { rank, line: said(safe) };
  }

  #picture(picture: Omit<PictureMark, 'complaint'>): void {
    // Of what came before the first picture it needs nothing: cameras are joined in the middle of their stream.
    const complaint = this.#complaint && this.#pictures > 0;
    this.#complaint = false;
    this.#pictures++;
    this.#options.onPicture({ ...picture, complaint });
  }

  /** True when it is known that there is no video to wait for. */
  get hasNoVideo(): boolean {
    return this.#nothingToPlay || (this.#offered.size > 0 && !this.#offered.has('video'));
  }
  get codec(): string | null {
    return this.#codec;
  }
  /** How the input's colours are to be read; null while it is not known. */
  get colour(): ColourPlan | null {
    return this.#colour;
  }
  /** The last complaint, in ffmpeg's redacted words. */
  get lastError(): string | undefined {
    return this.#stderr.lastError ?? this.#stderr.lastDamage;
  }
  get verdict(): { readonly reason: LogVerdict; readonly line: string } | undefined {
    return this.#verdict && { reason: VERDICTS[this.#verdict.rank]![0], line: this.#verdict.line };
  }
}

function said(line: string): string {
  const text = /\] ([^\]]*)$/.exec(line)?.[1] ?? line;
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
