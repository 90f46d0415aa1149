/**
 * Log-odds that a voice is a mouth's: constant, per unit of `movement`, of `inStep`, and of what either lacks to the largest
 * of the other mouths. Fitted on rendered people (models/training/speech, decision 0024).
 */
export const SPEECH_WEIGHTS: readonly number[] = [9.83, 2.73, 6.35, 1.68, 0.81];
