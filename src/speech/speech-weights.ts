/**
 * Log-odds that a voice is a mouth's: constant, per unit of `movement`, of `inStep`, and of what either lacks to the largest
 * of the other mouths. Fitted on rendered people (models/training/speech, decision 0024).
 */
export const SPEECH_WEIGHTS: readonly number[] = [9.46, 2.56, 6.41, 2.37, 1.9];
