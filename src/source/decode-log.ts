import { CLOCK_REPAIRS, type ClockRepair } from './clock-rule.js';
import { FIT_NAME } from './decode-arguments.js';
import { HardwareLog } from './hardware-log.js';
import { StderrReader } from './stderr-reader.js';

const REPAIRED = /^\[info\] ([1-4])\.0+$/;
const FITTED = new RegExp(`^\\[${FIT_NAME} @ [^\\]]*\\] \\[verbose\\] w:(\\d+) h:(\\d+) fmt:.*->`);
const BROKEN = /corrupt decoded frame in stream/;
const READ = /Input stream #0:(\d+) \(video\): (\d+) packets read .*?; (\d+) frames decoded/;

/** Reads ffmpeg's log (`-loglevel repeat+level+verbose`) of a recorded run. Keeps counts, and the last line of each sort. */
export class DecodeLog {
  readonly stderr = new StderrReader();
  readonly hardware = new HardwareLog();
  readonly #repairs = new Map<ClockRepair, number>();
  readonly #sizes: string[] = [];
  #broken = 0;
  #decoded: number | null = null;

  add(line: string): void {
    if (this.hardware.add(line)) return;
    const repair = REPAIRED.exec(line)?.[1];
    const size = FITTED.exec(line);
    const read = READ.exec(line);
    if (repair !== undefined) {
      const name = (Object.keys(CLOCK_REPAIRS) as ClockRepair[]).find((key) => CLOCK_REPAIRS[key] === Number(repair))!;
      this.#repairs.set(name, this.repaired(name) + 1);
    } else if (size) {
      const now = `${size[1]}x${size[2]}`;
      if (this.#sizes.length < 100 && this.#sizes.at(-1) !== now) this.#sizes.push(now);
    } else if (read) this.#decoded = Number(read[3]);
    else if (BROKEN.test(line)) this.#broken++;
    else this.stderr.add(line);
  }

  /** True once anything went wrong with the pictures or with the hardware that decodes them. */
  get complained(): boolean {
    return this.hardware.problem !== null || this.stderr.damageLines > 0 || this.#broken > 0;
  }
  /** How many frames got another time than their own, for this reason. */
  repaired(repair: ClockRepair): number {
    return this.#repairs.get(repair) ?? 0;
  }
  /** Coded sizes in their order, "640x360"; one more for each change, 100 at most. */
  get sizes(): readonly string[] {
    return this.#sizes;
  }
  /** Pictures that ffmpeg delivered, but had to patch. */
  get brokenPictures(): number {
    return this.#broken;
  }
  /** Pictures decoded in all, also those that were then left out; null when ffmpeg did not come to tell. */
  get decodedPictures(): number | null {
    return this.#decoded;
  }
}
