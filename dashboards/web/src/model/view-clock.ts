/** What moment the page shows: now, or one in its memory that may play on. */
export type ViewClock =
  | { readonly mode: 'live' }
  | { readonly mode: 'held'; readonly atMs: number }
  | { readonly mode: 'playing'; readonly fromMs: number; readonly startedAt: number };

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Moment shown, server clock; null while live. `now` is the page's monotonic clock. */
export function shownMs(clock: ViewClock, now: number): number | null {
  if (clock.mode === 'live') return null;
  return clock.mode === 'held' ? clock.atMs : clock.fromMs + (now - clock.startedAt);
}

/** The clock after time has passed: memory that ran out holds the view at its oldest moment, its end goes live. */
export function settle(
  clock: ViewClock,
  { span, now }: { readonly span: Span | null; readonly now: number },
): ViewClock {
  const at = shownMs(clock, now);
  if (at === null || !span) return clock;
  if (clock.mode === 'playing' && at >= span.toMs) return { mode: 'live' };
  if (at >= span.fromMs) return clock;
  return clock.mode === 'held'
    ? { mode: 'held', atMs: span.fromMs }
    : { mode: 'playing', fromMs: span.fromMs, startedAt: now };
}
