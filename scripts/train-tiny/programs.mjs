// Programs that the steps run; all they say is kept in a log.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { StepFailed } from './steps.mjs';

const TAIL_CHARS = 4000;
const READY_MS = 240_000;

function begin(command, args, { log, ...options }, onText = () => undefined) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    child[stream].on('data', (chunk) => {
      said[stream] += chunk;
      appendFileSync(log, chunk);
      onText(String(chunk));
    });
  const ended = new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new StepFailed(error.message)));
    child.on('close', (code) => {
      const words = (said.stderr.trim() || said.stdout.trim()).slice(-TAIL_CHARS).split('\n').at(-1);
      if (code === 0) resolve(said.stdout);
      else reject(new StepFailed(`${args.slice(0, 3).join(' ')} ended with ${code}: ${words} (all it said: ${log})`));
    });
  });
  return { child, ended };
}

/** Runs a program to its end and resolves to its standard output. Rejects with StepFailed and its last line of words. */
export const run = (command, args, options) => begin(command, args, options).ended;

/** A program that goes on until `close`; `ready` resolves to the match of a pattern in what it prints. */
export function start(command, args, { pattern, ...options }) {
  let said = '';
  let found = () => undefined;
  const printed = new Promise((resolve) => {
    found = resolve;
  });
  const { child, ended } = begin(command, args, options, (text) => {
    said += text;
    const match = pattern.exec(said);
    if (match) found(match);
  });
  let late;
  const overdue = new Promise((_, reject) => {
    const words = `${args.slice(0, 3).join(' ')} was not ready after ${READY_MS / 1000} s (all it said: ${options.log})`;
    late = setTimeout(() => reject(new StepFailed(words)), READY_MS);
  });
  const early = ended.then(() => {
    throw new StepFailed(`${args.slice(0, 3).join(' ')} ended by itself (all it said: ${options.log})`);
  });
  early.catch(() => undefined); // of interest only until it is ready
  return {
    ready: Promise.race([printed, early, overdue]).finally(() => clearTimeout(late)),
    async close() {
      child.kill('SIGTERM');
      await ended.catch(() => undefined); // it was told to end: how it does is of no interest
    },
  };
}
