// Runs mien over copies of the made study, as its users do: to the end, or killed in the middle and started again.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../mien.mjs';
import { owned } from '../work-folder.mjs';
import { statesOf } from './results.mjs';

const MAIN = join(root, 'dist', 'main.js');
const OFTEN_MS = 50;

/** A copy of the study in a folder of its own, with more in its `analyze`. */
export function copyOf(study, folder, analyze = '') {
  cpSync(study, folder, { recursive: true, filter: (path) => !path.endsWith('results') });
  const path = join(folder, 'study.yaml');
  const text = readFileSync(path, 'utf8');
  const written = text.replace('analyze: {', `analyze: {${analyze}`);
  if (analyze !== '' && written === text) throw new Error(`${path} has no "analyze: {"; render the study again`);
  writeFileSync(path, written);
  return folder;
}

/** Gives videos of a study maps of people, and takes away what else said who is who in them. @param maps - texts by video */
export function giveMaps(folder, maps) {
  const path = join(folder, 'study.yaml');
  let text = readFileSync(path, 'utf8');
  mkdirSync(join(folder, 'people'), { recursive: true });
  for (const [id, map] of maps) {
    writeFileSync(join(folder, 'people', `${id}.csv`), map);
    text = text.replace(new RegExp(`({ id: ${id},.*), people: {.*} }`), `$1, map: people/${id}.csv }`);
  }
  writeFileSync(path, text);
}

/** mien in the folder of a study. */
export const startMien = (folder, ...args) =>
  owned(spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] }));

/** Runs a study to its end. Throws where a video failed. */
export async function runStudy(folder) {
  const child = startMien(folder, 'study', 'run', 'study.yaml', '--jobs', '2', '--quiet');
  child.stdout.resume();
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`mien study run ended with exit code ${code}; see above`);
}

/** Runs a study, kills it without warning while a video is analysed after some are whole, and runs it again to its end. */
export async function runKilled(folder, whole) {
  const child = startMien(folder, 'study', 'run', 'study.yaml', '--jobs', '1', '--quiet');
  child.stdout.resume();
  const ended = once(child, 'exit');
  let states = new Map();
  while (child.exitCode === null) {
    states = statesOf(folder);
    const complete = [...states.values()].filter((state) => state === 'complete').length;
    if (complete >= whole && [...states.values()].includes('begun')) break;
    await new Promise((resolve) => setTimeout(resolve, OFTEN_MS));
  }
  await new Promise((resolve) => setTimeout(resolve, 20 * OFTEN_MS));
  child.kill('SIGKILL');
  const [, signal] = await ended;
  if (signal !== 'SIGKILL') throw new Error('the study ended before it could be killed');
  await runStudy(folder);
  return states;
}

/** Whether two files hold the same bytes. */
export const same = (a, b) => readFileSync(a).equals(readFileSync(b));

/** Runs a Python program; `PYTHON` names one that has pandas and pympi. Resolves to what it printed. */
export function python(...args) {
  const { status, stdout, stderr, error } = spawnSync(process.env.PYTHON ?? 'python3', args, { encoding: 'utf8' });
  if (error || status === null || /ModuleNotFoundError/.test(stderr))
    throw new Error(
      `${process.env.PYTHON ?? 'python3'} cannot be used (${error?.message ?? stderr.trim().split('\n').at(-1)}); PYTHON names one with pandas, numpy and pympi-ling 1.71`,
    );
  return { isRight: status === 0, text: `${stdout}${stderr}`.trim() };
}
