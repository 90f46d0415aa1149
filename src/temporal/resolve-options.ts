import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import type { CoverOptions } from './cover.js';
import { TEMPORAL_DEFAULTS } from './default-options.js';
import type {
  ActionUnitOptions,
  BaselineOptions,
  BlinkOptions,
  EpisodeOptions,
  GazeOptions,
  HysteresisOptions,
  LateOptions,
  SmoothingOptions,
  SpeechOptions,
  TemporalOptions,
} from './options.js';

/** What a caller may set: `circumplex` always, the rest to override single values. */
export interface TemporalOverrides {
  readonly circumplex: TemporalOptions['circumplex'];
  readonly actionUnitKeys?: readonly string[];
  readonly maxGapSeconds?: number;
  readonly maxStepSeconds?: number;
  readonly maxIntervalSeconds?: number;
  readonly smoothing?: Partial<SmoothingOptions>;
  readonly baseline?: Partial<BaselineOptions> | null;
  readonly hysteresis?: Partial<HysteresisOptions>;
  readonly episodes?: Partial<EpisodeOptions>;
  readonly blink?: Partial<BlinkOptions>;
  readonly actionUnits?: Partial<ActionUnitOptions>;
  readonly gaze?: Partial<GazeOptions>;
  readonly speech?: Partial<SpeechOptions>;
  readonly late?: Partial<LateOptions>;
  readonly cover?: Partial<CoverOptions>;
}

/** Fills the defaults and checks every value once. Throws AffectError USAGE that names option, range and value. */
export function temporalOptions(overrides: TemporalOverrides): TemporalOptions {
  const base = TEMPORAL_DEFAULTS;
  const options: TemporalOptions = {
    circumplex: overrides.circumplex,
    actionUnitKeys: overrides.actionUnitKeys ?? base.actionUnitKeys,
    maxGapSeconds: overrides.maxGapSeconds ?? base.maxGapSeconds,
    maxStepSeconds: overrides.maxStepSeconds ?? base.maxStepSeconds,
    maxIntervalSeconds: overrides.maxIntervalSeconds ?? base.maxIntervalSeconds,
    smoothing: { ...base.smoothing, ...overrides.smoothing },
    baseline: overrides.baseline === null ? null : { ...base.baseline!, ...overrides.baseline },
    hysteresis: { ...base.hysteresis, ...overrides.hysteresis },
    episodes: { ...base.episodes, ...overrides.episodes },
    blink: { ...base.blink, ...overrides.blink },
    actionUnits: { ...base.actionUnits, ...overrides.actionUnits },
    gaze: { ...base.gaze, ...overrides.gaze },
    speech: { ...base.speech, ...overrides.speech },
    late: { ...base.late, ...overrides.late },
    cover: { ...base.cover, ...overrides.cover },
  };
  check(options);
  return options;
}

/** Options that must be above zero: they divide. All others may be zero. */
const ABOVE_ZERO = new Set([
  'maxGapSeconds',
  'maxStepSeconds',
  'maxIntervalSeconds',
  'minCutoffHz',
  'derivativeCutoffHz',
  'shrinkSeconds',
  'restShrinkSeconds',
  'riseSeconds',
  'restlessSeconds',
  'tauSeconds',
  'fastHoldSeconds',
  'slowHoldSeconds',
  'windowSeconds',
  'historyFrames',
  'minLevel',
  'levelRiseSeconds',
  'smoothSeconds',
  'levelFallSeconds',
  'levelFallClosedSeconds',
]);
const PROBABILITIES = new Set([
  'enter',
  'leave',
  'abstain',
  'floor',
  'fastLead',
  'tieLead',
  'quantile',
  'restQuantile',
  'restShare',
  'onsetFraction',
  'coverBelow',
  'seenAbove',
  'enterPresence',
  'leavePresence',
]);
const WHOLE = new Set(['historyFrames', 'maxPending']);

function check(options: TemporalOptions): void {
  for (const emotion of EMOTIONS) {
    const [valence, arousal] = options.circumplex[emotion] ?? [];
    for (const value of [valence, arousal]) {
      if (value === undefined || !(value >= -1 && value <= 1))
        fail(`circumplex.${emotion}`, 'two numbers, -1..1', value);
    }
  }
  const { circumplex: _, actionUnitKeys: __, baseline, gaze, cover, ...groups } = options;
  const { widening, loss, ...coverNumbers } = cover;
  const { priorMargins = {}, ...baselineNumbers } = baseline ?? {};
  const { contact, ...gazeNumbers } = gaze;
  const numbers = { ...groups, baseline: baselineNumbers, gaze: gazeNumbers, cover: coverNumbers };
  for (const [group, value] of Object.entries(numbers)) {
    for (const [name, number] of typeof value === 'number' ? [[group, value] as const] : Object.entries(value)) {
      checkNumber(typeof value === 'number' ? name : `${group}.${name}`, name, number);
    }
  }
  for (const [emotion, value] of Object.entries(priorMargins)) {
    if (!Number.isFinite(value)) fail(`baseline.priorMargins.${emotion}`, 'a finite number', value);
  }
  if (contact.length !== 3 || !contact.every(Number.isFinite)) fail('gaze.contact', 'three finite numbers', contact);
  for (const [name, parts] of Object.entries({ widening, loss }))
    for (const [part, value] of Object.entries(parts)) checkNumber(`cover.${name}.${part}`, part, value);
  if (cover.seenAbove <= cover.coverBelow) fail('cover.seenAbove', 'above cover.coverBelow', cover.seenAbove);
  const { hysteresis, blink, actionUnits, speech } = options;
  if (hysteresis.leave < hysteresis.abstain) fail('hysteresis.leave', 'at least hysteresis.abstain', hysteresis.leave);
  if (hysteresis.enter < hysteresis.leave) fail('hysteresis.enter', 'at least hysteresis.leave', hysteresis.enter);
  if (hysteresis.abstain < hysteresis.floor)
    fail('hysteresis.abstain', 'at least hysteresis.floor', hysteresis.abstain);
  if (hysteresis.fastLead <= hysteresis.tieLead) fail('hysteresis.fastLead', 'above tieLead', hysteresis.fastLead);
  if (actionUnits.enterPresence < actionUnits.leavePresence)
    fail('actionUnits.enterPresence', 'at least actionUnits.leavePresence', actionUnits.enterPresence);
  if (actionUnits.enterIntensity < actionUnits.leaveIntensity)
    fail('actionUnits.enterIntensity', 'at least actionUnits.leaveIntensity', actionUnits.enterIntensity);
  if (speech.enter < speech.leave) fail('speech.enter', 'at least speech.leave', speech.enter);
  if (blink.openAbove <= blink.closeBelow) fail('blink.openAbove', 'above blink.closeBelow', blink.openAbove);
  if (blink.maxLevel < blink.minLevel) fail('blink.maxLevel', 'at least blink.minLevel', blink.maxLevel);
}

function checkNumber(path: string, name: string, value: number): void {
  if (name === 'floorLogit') {
    if (!(value < 0 && Number.isFinite(value))) fail(path, 'below 0', value);
    return;
  }
  if (name === 'restingLogit') {
    if (!Number.isFinite(value)) fail(path, 'a finite number', value);
    return;
  }
  if (!(value >= 0 && Number.isFinite(value))) fail(path, 'a number of at least 0', value);
  if (ABOVE_ZERO.has(name) && value === 0) fail(path, 'above 0', value);
  if (PROBABILITIES.has(name) && value > 1) fail(path, '0..1', value);
  if (WHOLE.has(name) && !Number.isInteger(value)) fail(path, 'a whole number', value);
}

function fail(path: string, range: string, value: unknown): never {
  throw new AffectError('USAGE', `temporal option ${path} must be ${range}, got ${String(value)}`);
}
