import type { Emotion } from '../domain/affect.js';
import type { LateTrust } from '../domain/late-evidence.js';
import type { CoverOptions } from './cover.js';

/** One Euro filter on log-probabilities (Casiez, Roussel, Vogel: "1 € Filter", CHI 2012). */
export interface SmoothingOptions {
  /** Cutoff of a still signal. Lower: less jitter; higher: less lag on slow changes. */
  readonly minCutoffHz: number;
  /** Hz of cutoff per logit/second of speed. Lower: calmer; higher: quick changes pass at once, and so do outliers. */
  readonly beta: number;
  /** Cutoff of the speed estimate. Lower: a single wild frame opens the filter less; higher: it opens sooner. */
  readonly derivativeCutoffHz: number;
  /**
   * Lowest log-probability that enters the filter. Nearer to 0: a change is followed sooner, because certainty
   * beyond these odds is not remembered; further from 0: very confident readings persist.
   */
  readonly floorLogit: number;
}

/** From the probability of speaking to turns. */
export interface SpeechOptions {
  /** Probability from which a turn begins. Higher: fewer, surer turns. */
  readonly enter: number;
  /** Probability under which it ends. Higher: turns end sooner, and break where a voice is low. */
  readonly leave: number;
  /** Seconds above `enter` before a turn begins. Higher: single syllables are left out. */
  readonly enterHoldSeconds: number;
  /** Seconds below `leave` before it ends. */
  readonly leaveHoldSeconds: number;
  /** Pauses shorter than this are part of a turn. */
  readonly mergeGapSeconds: number;
  /** Turns shorter than this are left out. */
  readonly minSeconds: number;
}

/** Resting face of a person, learned while the run goes on. Null in its place switches it off. */
export interface BaselineOptions {
  /**
   * Seconds before any correction: of valid face for emotions, of rest for action units. Lower: earlier, from less
   * evidence.
   */
  readonly warmUpSeconds: number;
  /** Quantile of the margin over neutral taken as rest. Lower: only the most neutral moments count; safer. */
  readonly quantile: number;
  /** Largest correction of one logit. Higher: stronger resting expressions are removed, and true ones with them. */
  readonly maxCorrection: number;
  /** Seconds after the warm-up at which half the correction is applied. Higher: more cautious, smoother start. */
  readonly shrinkSeconds: number;
  /** Margin over neutral that a neutral face of the population has; only the excess over it is corrected. */
  readonly priorMargins: Readonly<Record<Exclude<Emotion, 'neutral'>, number>>;
}

/** From smoothed probabilities to a label in force. */
export interface HysteresisOptions {
  /** Probability that a class needs to become the label. Higher: fewer, surer labels. */
  readonly enter: number;
  /** A label that is no longer the top class is released below this. Higher: released sooner. */
  readonly leave: number;
  /** Even as the top class, a label is released below this. Higher: more abstention. */
  readonly abstain: number;
  /** No label is held under this, whatever its holds: the top class or none is the label. Higher: follows wild frames. */
  readonly floor: number;
  /** Seconds below `leave` or `abstain` before release. Higher: survives longer dips. */
  readonly releaseHoldSeconds: number;
  /** Lead (share of its own probability by which a class is ahead of its rival) from which `fastHoldSeconds` is enough. Lower: more changes are fast. */
  readonly fastLead: number;
  /** Lead at or under which `slowHoldSeconds` is needed; in between, geometric. Higher: more changes are slow. */
  readonly tieLead: number;
  /** Seconds that a clear winner must hold. Lower: less lag, more flips by outliers. */
  readonly fastHoldSeconds: number;
  /** Seconds that a near-tie must hold. Higher: fewer flips between confusable classes. */
  readonly slowHoldSeconds: number;
  /** Most seconds that any class must hold while there is no label. Higher: longer without one after a gap or a near-tie. */
  readonly freeHoldSeconds: number;
  /** Share by which each recent change lengthens the hold of near-ties. 0: none; higher: restless stretches get calmer. */
  readonly restlessness: number;
  /** Seconds after which a change counts 1/e as recent. Higher: calm lasts longer. */
  readonly restlessSeconds: number;
}

export interface EpisodeOptions {
  /** How far back the rise is looked for. Higher: slow rises start earlier. */
  readonly onsetLookbackSeconds: number;
  /** Share of the rise that counts as its beginning. Lower: earlier, noisier onsets. */
  readonly onsetFraction: number;
  /** Longest gap bridged within one episode. Higher: fewer, longer episodes. */
  readonly mergeGapSeconds: number;
  /** Shorter ones are dropped (and counted). Higher: fewer episodes. */
  readonly minSeconds: number;
  /** Least media time between two updates of one episode. */
  readonly updateSeconds: number;
}

export interface BlinkOptions {
  /** Opening, relative to the person's open level, under which the eyes count as closed. */
  readonly closeBelow: number;
  /** Relative opening above which they count as open again; more than `closeBelow`. */
  readonly openAbove: number;
  /** With both eyes read, neither may be more open than this: a wink is no blink. */
  readonly otherEyeBelow: number;
  readonly minBlinkSeconds: number;
  /** Longer closures are 'eyes-closed'. */
  readonly maxBlinkSeconds: number;
  /** Up to this turn of the head both eyes are read; beyond, the near one. */
  readonly bothEyesYawRadians: number;
  /** Beyond this turn there is no reading. */
  readonly maxYawRadians: number;
  /** Beyond this nod up there is no reading. */
  readonly maxPitchUpRadians: number;
  /** Beyond this nod down (lids follow the gaze) there is no reading. */
  readonly maxPitchDownRadians: number;
  /** Time constants of the open level: rising, falling while open, falling while closed. */
  readonly levelRiseSeconds: number;
  readonly levelFallSeconds: number;
  readonly levelFallClosedSeconds: number;
  /** Bounds of the open level, in units of EyeOpenness. */
  readonly minLevel: number;
  readonly maxLevel: number;
  /** A closure does not survive a longer stretch without a reading. */
  readonly maxGapSeconds: number;
}

/** Gaze. One Euro filters yaw and pitch. */
export interface GazeOptions {
  /** Cutoff of a still gaze. Lower: less jitter; higher: less lag on slow pursuit. */
  readonly minCutoffHz: number;
  /** Hz of cutoff per radian per second. Higher: a saccade passes at once, and so do outliers. */
  readonly beta: number;
  /** Cutoff of the speed estimate. Lower: a single wild frame opens the filter less; higher: it opens sooner. */
  readonly derivativeCutoffHz: number;
  /** Opening, relative to the person's open level, above which an eye is read. Lower: lids that come down are read for longer, and pull the gaze down. */
  readonly openAbove: number;
  /** Log-odds of looking at the camera: bias, per radian of expected error, and per angle to it over that error. The gaze model's own. */
  readonly contact: readonly number[];
}

/** Evidence that arrives after its frame (from the MLLM). */
export interface LateOptions extends LateTrust {
  /** How old evidence may be. Higher: slower engines count; needs memory per track. */
  readonly windowSeconds: number;
  /**
   * Most frames kept per track: windowSeconds + 3 tauSeconds of them make late evidence exact. Lower: less
   * memory (80 bytes a frame), but a shorter window at high frame rates.
   */
  readonly historyFrames: number;
  /** Most late readings kept per track; more are refused and counted. */
  readonly maxPending: number;
  /** Weight falls to about 1/e at this distance in media time, and to 0 at three times it. Higher: reaches further. */
  readonly tauSeconds: number;
}

/**
 * Action units. One Euro filters presence (logits) and intensity (degrees 0..5) with the same numbers: both span about
 * five units. Intensities and thresholds are those after the resting face is subtracted.
 */
export interface ActionUnitOptions {
  /** Cutoff of a still signal. Lower: less jitter; higher: less lag on slow movements. */
  readonly minCutoffHz: number;
  /** Hz of cutoff per logit or degree per second. Higher: quick movements pass at once, and so do outliers. */
  readonly beta: number;
  /** Cutoff of the speed estimate. Lower: a single wild frame opens the filter less; higher: it opens sooner. */
  readonly derivativeCutoffHz: number;
  /** Largest presence logit, either way, that enters the filter. Higher: very confident readings persist. */
  readonly maxLogit: number;
  /** Quantile of what is seen at rest that is the person's rest. Lower: only the calmest moments count; less is removed. */
  readonly restQuantile: number;
  /** Seconds of rest seen until a higher level is no longer believed at once. Higher: a first low moment matters less. */
  readonly settleSeconds: number;
  /** Seconds in which rest follows a higher level after that. Higher: a held movement is absorbed later, a wrong low rest left later. */
  readonly riseSeconds: number;
  /** Seconds of rest after the warm-up at which half the correction is applied. Higher: more cautious. */
  readonly restShrinkSeconds: number;
  /**
   * How much a frame counts as rest where no emotion is read; with emotions it is the probability of neutral. Higher:
   * known sooner, and an expression held from the first frame on is taken for rest sooner.
   */
  readonly restShare: number;
  /** Most that rest takes off an intensity. Higher: stronger resting faces are removed, and true ones with them. */
  readonly maxRestingIntensity: number;
  /** Presence logit of a face at rest; only what a person's rest has above it is taken off. Higher: less is. */
  readonly restingLogit: number;
  /** Most that rest takes off a presence logit. Higher: surer resting faces are removed, and true movements with them. */
  readonly maxRestingLogit: number;
  /** Smoothed presence needed to become active. Higher: fewer, surer movements. */
  readonly enterPresence: number;
  /** An active unit is released below this presence. Higher: released sooner. */
  readonly leavePresence: number;
  /** Smoothed intensity needed to become active; 1 is a trace (FACS degree A). Higher: only stronger movements. */
  readonly enterIntensity: number;
  /** An active unit is released below this intensity. Higher: released sooner. */
  readonly leaveIntensity: number;
  /** Seconds that both must hold to become active. Higher: fewer flickers, more lag. */
  readonly enterHoldSeconds: number;
  /** Seconds below either leave threshold before release. Higher: survives longer dips. */
  readonly leaveHoldSeconds: number;
  /** Shorter episodes are dropped (and counted). Higher: fewer; 0.3 would drop most blinks. */
  readonly minEpisodeSeconds: number;
  /** Frames kept for the look-back to an onset. Lower: less memory (16 bytes a frame and unit), shorter at high rates. */
  readonly historyFrames: number;
}

export interface TemporalOptions {
  /** Keys of the action units in the order of the evidence ("1", "12", "12L"); empty when there is none. */
  readonly actionUnitKeys: readonly string[];
  /** Valence and arousal of each class, -1..1: published circumplex coordinates. Results are derived, not measured. */
  readonly circumplex: Readonly<Record<Emotion, readonly [valence: number, arousal: number]>>;
  /** A longer stretch without evidence resets filters and label, and ends episodes. */
  readonly maxGapSeconds: number;
  /** Most seconds that one frame may add to any hold, histogram or mean. */
  readonly maxStepSeconds: number;
  /**
   * Longest interval between two frames that is the pace of the source: the two limits above stretch to it. Higher:
   * slower sources have labels; a longer pause of a camera is bridged.
   */
  readonly maxIntervalSeconds: number;
  readonly smoothing: SmoothingOptions;
  readonly baseline: BaselineOptions | null;
  readonly hysteresis: HysteresisOptions;
  readonly episodes: EpisodeOptions;
  readonly blink: BlinkOptions;
  readonly actionUnits: ActionUnitOptions;
  readonly gaze: GazeOptions;
  readonly speech: SpeechOptions;
  readonly late: LateOptions;
  readonly cover: CoverOptions;
}
