import { elapsedSeconds, type Micros } from '../domain/units.js';
import {
  isBlank,
  isSceneCut,
  LEAST_HISTORY,
  type SceneChange,
  type SceneGrid,
  sameScene,
  sceneDistance,
} from './scene-cut.js';

/** What is known of the scene. Plain data. */
export interface SceneMemory {
  /** The newest picture that differed from the one before it; null before the first. */
  readonly grid: SceneGrid | null;
  readonly gridUs: Micros | null;
  /** Last changes within the scene, newest last. */
  readonly changes: readonly SceneChange[];
}

export const NO_SCENE: SceneMemory = { grid: null, gridUs: null, changes: [] };

/** Media seconds that changes are remembered for; of sparse frames, as many as tell what is usual. */
const MEMORY_SECONDS = 0.5;
/** Pictures less apart than this are the same one, encoded again: a frozen picture is no measure of motion. */
const STILL = 0.01;

/**
 * Judges the next picture: whether a cut lies before it, and what is known after it. Blank pictures (black, white, a fade's
 * end) show no scene: they are left out, so that the pictures on both sides of them are compared.
 */
export function nextScene(
  memory: SceneMemory,
  grid: SceneGrid,
  now: Micros,
): { readonly cut: boolean; readonly memory: SceneMemory } {
  if (isBlank(grid)) return { cut: false, memory };
  if (memory.grid === null || memory.gridUs === null) {
    return { cut: false, memory: { grid, gridUs: now, changes: [] } };
  }
  const distance = sceneDistance(memory.grid, grid);
  if (distance < STILL) return { cut: false, memory };
  const change = { distance, seconds: elapsedSeconds(memory.gridUs, now) };
  if (isSceneCut(change, memory.changes) && !sameScene(memory.grid, grid)) {
    return { cut: true, memory: { grid, gridUs: now, changes: [] } };
  }
  return { cut: false, memory: { grid, gridUs: now, changes: remembered([...memory.changes, change]) } };
}

/** The changes that lie no further back from the newest than memory reaches. */
function remembered(changes: readonly SceneChange[]): readonly SceneChange[] {
  let first = changes.length;
  for (let age = 0; first > 0; first--) {
    if (age > MEMORY_SECONDS && changes.length - first >= LEAST_HISTORY) break;
    age += changes[first - 1]!.seconds;
  }
  return changes.slice(first);
}
