import { EMOTIONS } from '../../domain/affect.js';
import { LABEL, SPEAKING } from '../numbers/signals.js';
import type { AlignedSignal, StripKind } from './page-data.js';

/** What is drawn around the start of markers, of signals that a study has. */
export const ALIGNED_SIGNALS: readonly AlignedSignal[] = [
  { name: 'valence', title: 'Valence', unit: '−1 to 1' },
  { name: 'arousal', title: 'Arousal', unit: '−1 to 1' },
  { name: 'happiness', title: 'Happiness', unit: 'probability' },
  { name: 'au12_intensity', title: 'AU12', unit: 'lip corner puller, 0 to 5' },
  { name: SPEAKING, title: 'Speaking', unit: 'probability' },
];

/** What is drawn as strips of person by time. */
export const STRIP_KINDS: readonly StripKind[] = [
  { name: 'valence', title: 'Valence', codes: 'level', low: -1, high: 1, words: [] },
  { name: LABEL, title: 'Expression in force', codes: 'word', low: 0, high: 0, words: EMOTIONS },
  { name: SPEAKING, title: 'Speaking', codes: 'level', low: 0, high: 1, words: [] },
];
