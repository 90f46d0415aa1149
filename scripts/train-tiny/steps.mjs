// Steps that are done once: what a step found is kept beside what it made, and it runs again when its settings, or a step before it, changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A step that failed; its message is one line for who ran it. */
export class StepFailed extends Error {}

/**
 * Runs {name, settings, makes, run} in turn, prints a line for each, and stops at the first that fails. `run` returns what
 * it measured, as words. `makes` is a folder below `out`: it stays for a step that was stopped, which goes on in it, and is
 * removed where it was made with other settings.
 *
 * @returns whether all of them ended well
 */
export async function runSteps(steps, out) {
  const folder = join(out, 'steps');
  mkdirSync(folder, { recursive: true });
  let before = '';
  for (const [index, { name, settings, makes, run }] of steps.entries()) {
    const key = createHash('sha256')
      .update(JSON.stringify([before, name, settings]))
      .digest('hex');
    before = key;
    const kept = join(folder, `${name}.json`);
    const head = `${String(index + 1).padStart(2)}/${steps.length} ${name.padEnd(10)}`;
    const found = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : null;
    if (found?.key === key && found.measured !== undefined) {
      console.log(`${head} ${seconds(found.seconds)}  ${found.measured} (done before)`);
      continue;
    }
    if (makes && found?.key !== key) rmSync(join(out, makes), { recursive: true, force: true });
    writeFileSync(kept, JSON.stringify({ key }));
    const started = performance.now();
    try {
      const measured = await run();
      const took = (performance.now() - started) / 1000;
      writeFileSync(kept, `${JSON.stringify({ key, seconds: took, measured })}\n`);
      console.log(`${head} ${seconds(took)}  ${measured}`);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      console.log(`${head} ${seconds((performance.now() - started) / 1000)}  failed: ${error.message}`);
      return false;
    }
  }
  return true;
}

const seconds = (value) => `${value.toFixed(1).padStart(6)} s`;
