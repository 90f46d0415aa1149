/** How numbers of a study are made; every table states them in its codebook. */
export interface NumberOptions {
  /** A frame stands for half the gap to either neighbour, and for at most this long. Raising it bridges pauses. */
  readonly maxFrameSeconds: number;
  /** Time is cut into cells this long, from which resamples are drawn. */
  readonly cellSeconds: number;
  /** Blocks that are drawn are this long; shorter where a window has fewer than `minBlocks` of them, longer where more than `maxBlocks`. Raising it is safer for slow signals, and leaves fewer blocks. */
  readonly blockSeconds: number;
  /** No interval where blocks would be shorter than this. */
  readonly minBlockSeconds: number;
  readonly minBlocks: number;
  readonly maxBlocks: number;
  /** Resamples behind an interval. */
  readonly draws: number;
  /** Probability from which a person counts as speaking. */
  readonly speakingFrom: number;
  /** Left out: numbers of less time with readings, */
  readonly minSeconds: number;
  /** of a smaller share of the window, */
  readonly minCoverage: number;
  /** and of groups of fewer persons. */
  readonly minPersons: number;
  readonly synchrony: SynchronyOptions;
}

/** How the synchrony of two people is measured. */
export interface SynchronyOptions {
  /** Names of the signals that are compared, where both have them. */
  readonly signals: readonly string[];
  /** Both signals are averaged in cells this long. */
  readonly stepSeconds: number;
  /** Correlations are of segments this long, */
  readonly segmentSeconds: number;
  /** one of the two moved by at most this, either way, */
  readonly lagSeconds: number;
  /** where at least this share of a segment has both readings, */
  readonly minShare: number;
  /** in at least so many segments. */
  readonly minSegments: number;
  /** Random pairings of the segments of the two, which the p value is counted from. */
  readonly surrogates: number;
}

export const NUMBER_OPTIONS: NumberOptions = {
  maxFrameSeconds: 1,
  cellSeconds: 0.5,
  blockSeconds: 10,
  minBlockSeconds: 2,
  minBlocks: 6,
  maxBlocks: 20,
  draws: 1000,
  speakingFrom: 0.5,
  minSeconds: 3,
  minCoverage: 0.5,
  minPersons: 3,
  synchrony: {
    signals: ['valence', 'arousal', 'happiness', 'au12_intensity', 'head_speed'],
    stepSeconds: 0.2,
    segmentSeconds: 10,
    lagSeconds: 3,
    minShare: 0.8,
    minSegments: 6,
    surrogates: 199,
  },
};
