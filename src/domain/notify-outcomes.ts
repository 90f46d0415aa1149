/**
 * What became of a message to a webhook or broker, or of a try: delivered; failed (it is tried again); refused by the
 * receiver, or by us for its address; expired (it waited too long); dropped (too many wait). A metric label.
 */
export const NOTIFY_OUTCOMES = ['delivered', 'failed', 'refused', 'expired', 'dropped'] as const;
export type NotifyOutcome = (typeof NOTIFY_OUTCOMES)[number];
