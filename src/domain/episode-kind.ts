/** What an episode is about: an emotion held, a blink, or an active action unit (label "AU12"). */
export type EpisodeKind = 'emotion' | 'blink' | 'action-unit';
