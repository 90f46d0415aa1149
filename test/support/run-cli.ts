import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const DEMO = fileURLToPath(new URL('../fixtures/demo/', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `mien`; `onStart` gets a function that sends a signal to it; `cwd` is where it runs. */
export function runCli(
  args: readonly string[],
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void,
  cwd?: string,
): Promise<CliRun> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  onStart?.((signal) => child.kill(signal));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** What was said besides progress, of which a slow machine is told every ten seconds. */
export const besidesProgress = (stderr: string): string =>
  stderr.replace(/^(?:\d+ of \d+ (?:images|items|faces)\b|\S.* {2}(?:[\d:]+|.*\d+ %) {2}\d+ fps\b).*\n/gm, '');

/** A run whose words do not depend on how fast the machine is. */
export async function runCliAside(...args: Parameters<typeof runCli>): Promise<CliRun> {
  const run = await runCli(...args);
  return { ...run, stderr: besidesProgress(run.stderr) };
}
