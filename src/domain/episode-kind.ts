/** What an episode is about: an emotion held, a blink, an active action unit (label "AU12"), or a turn of speech (label "speech"). */
export const EPISODE_KINDS = ['emotion', 'blink', 'action-unit', 'speech'] as const;
/** One of `EPISODE_KINDS`. */
export type EpisodeKind = (typeof EPISODE_KINDS)[number];
