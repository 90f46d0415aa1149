/** A step ahead of more than this is a new clock, not a pause, in formats and streams whose clocks may be restarted. */
export const LONGEST_STEP_US = 10_000_000;
/** For this long after a fall the old clock may come back: then single times were wrong, not the clock. */
const RETURN_US = 1_000_000;

/** What was done to a frame's time, as the expression prints it. */
export const CLOCK_REPAIRS = { fall: 1, leap: 2, tie: 3, missing: 4 } as const;
export type ClockRepair = keyof typeof CLOCK_REPAIRS;

export interface ClockRule {
  /** What is added to every PTS, µs; large enough that no time is negative. */
  readonly zeroUs: number;
  /** How long a frame lasts when its clock does not tell: µs, or an expression of ffmpeg. */
  readonly stepUs: number | string;
  /** Steps ahead of more than LONGEST_STEP_US are a new clock. Where false, they are pauses and kept. */
  readonly leaps: boolean;
  /** Each repair is told in ffmpeg's log, one line with the number of its CLOCK_REPAIRS. */
  readonly tell: boolean;
}

/**
 * Pure: the rule that makes PTS rise strictly, as an expression of ffmpeg's `setpts` in a time base of 1 µs. Recorded and
 * live sources share it; docs/source.md has it in words.
 *
 * Variables: 0 the move, which is added to the source's clock; 1 this frame in the source's clock, 4 the one before;
 * 2 the move before the last fall or leap, which is taken up again until the output reaches 3; 5 the result.
 */
export function clockRule({ zeroUs, stepUs, leaps, tell }: ClockRule): string {
  const told = (repair: ClockRepair) => (tell ? `print(${CLOCK_REPAIRS[repair]},32);` : '');
  const before = 'PREV_OUTPTS';
  const onward = (repair: ClockRepair) =>
    `(${told(repair)}st(2,if(lt(${before},ld(3)),ld(2),ld(0)));st(3,${before}+${RETURN_US});st(0,${before}+${stepUs}-ld(1));ld(1)+ld(0))`;
  const returned = `(st(0,ld(2));st(3,0);ld(1)+ld(0))`;
  const isBack = `lt(${before},ld(3))*between(ld(1)+ld(2)-${before},1,${LONGEST_STEP_US})`;
  const isLeap = leaps ? `gt(ld(1)-ld(4),${LONGEST_STEP_US})` : '0';
  const tied = `(${told('tie')}${before}+(${stepUs})/2)`;
  const moved = `if(gt(ld(1)+ld(0),${before}),ld(1)+ld(0),if(lt(ld(1),ld(4)),${onward('fall')},${tied}))`;
  const known = `if(${isBack},${returned},if(${isLeap},${onward('leap')},${moved}))`;
  const missing = `(${told('missing')}if(isnan(${before}),${zeroUs},${before}+${stepUs}))`;
  const first = `if(isnan(${before}),ld(1),${known})`;
  return (
    `st(1,if(isnan(PTS),if(isnan(${before}),${zeroUs},ld(4)+${stepUs}),PTS+${zeroUs}));` +
    `st(5,if(isnan(PTS),${missing},${first}));st(4,ld(1));ld(5)`
  );
}
